import { at, type Rule } from '../../rule.ts';

export const systemCount: Rule = {
  id: 'system-count',
  severity: 'info',
  title: 'several bootable partitions',
  why: 'Distro boot takes the first partition with the boot flag, which System sets.',
  example: 'System twice on mmc0',
  fix: 'write FileSystem for the others',
  spoils: 'nothing',
  check: ({ devices }) =>
    devices.flatMap(({ name, device, placements }) => {
      const [first, second] = device.kind === 'mmc' ? placements.filter(({ row }) => row.type?.kind === 'System') : [];
      return first && second
        ? [at(second.row, 'type', `${name} has a bootable partition on line ${first.row.line} already`)]
        : [];
    }),
};
