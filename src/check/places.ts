import type { Placement, StorageDevice } from '../layout/geometry.ts';
import type { LayoutRow } from '../layout/row.ts';
import { type KnownDevices, usableArea } from '../layout/usable-area.ts';
import type { Subject } from './subject.ts';

/** Where the partition of a row lies; undefined for rows of the boot stages and unknown devices. */
export function placementOf(row: LayoutRow, { devices }: Subject): Placement | undefined {
  return devices.flatMap(({ placements }) => placements).find((placement) => placement.row === row);
}

/** The partitions that have an entry in the GPT or a place among the MTD partitions, by address. */
export function numbered({ placements }: StorageDevice): readonly Placement[] {
  return placements.filter(({ number }) => number > 0);
}

/** True for a partition of an mmc in front of what U-Boot allows. */
export function liesBelow({ ip, offset, type }: LayoutRow, known: KnownDevices): boolean {
  if (ip?.kind !== 'mmc' || typeof offset !== 'number' || !type || type.kind === 'RawImage') return false;
  return offset < usableArea(ip, known).first;
}

/** True for a partition whose address is no multiple of the device's erase size. */
export function isUnaligned({ ip, offset, type }: LayoutRow, known: KnownDevices): boolean {
  if (!ip || ip.kind === 'none' || typeof offset !== 'number' || !type || type.kind === 'RawImage') return false;
  return offset % usableArea(ip, known).eraseBytes !== 0;
}
