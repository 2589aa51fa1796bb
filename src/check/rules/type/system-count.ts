import type { StorageDevice } from '../../../layout/geometry.ts';
import { at, type Finding, type Rule } from '../../rule.ts';
import type { Subject } from '../../subject.ts';

export const systemCount: Rule = {
  id: 'system-count',
  severity: 'info',
  title: 'several bootable partitions, or none',
  why: 'Distro boot takes the first partition with the boot flag, which System sets.',
  example: 'System twice on mmc0',
  fix: 'write System for the partition to boot from, FileSystem for the others',
  spoils: 'nothing',
  check: (subject) => {
    const disks = subject.devices.filter(({ device }) => device.kind === 'mmc');
    return [...disks.flatMap(second), ...none(disks, subject)];
  },
};

function second({ name, placements }: StorageDevice): readonly Finding[] {
  const [first, other] = placements.filter(({ row }) => row.type?.kind === 'System');
  return first && other
    ? [at(other.row, 'type', `${name} has a bootable partition on line ${first.row.line} already`)]
    : [];
}

/** File systems, and none of them to boot from. */
function none(disks: readonly StorageDevice[], { rows, knows }: Subject): readonly Finding[] {
  const boots = rows.some(
    ({ type, ip }) =>
      type?.kind === 'System' || type?.kind === 'ESP' || type?.kind === 'RawImage' || ip?.kind === 'ram',
  );
  if (boots || !knows('type', 'ip')) return [];
  const row = disks.flatMap(({ placements }) => placements).find((place) => place.row.type?.kind === 'FileSystem')?.row;
  return row ? [at(row, 'type', 'no partition is bootable: none is of type System')] : [];
}
