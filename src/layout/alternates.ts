import { storageDevices } from './geometry.ts';
import type { Layout } from './parse.ts';
import { isProgrammed, storageRowsById } from './phases.ts';
import type { KnownDevices } from './usable-area.ts';

/** An alternate setting that U-Boot will offer for a row. */
export interface ExpectedAlternate {
  readonly id: number;
  readonly name: string;
  /** `e`: selected and not empty. */
  readonly access: 'a' | 'e';
  /** What its name will say, rounded down as U-Boot does; missing when only the device knows or versions differ. */
  readonly announcedBytes?: number;
}

const MIB = 2 ** 20;
const GIB = 2 ** 30;

/** The alternate settings of U-Boot's second enumeration that come from the layout, in their order (protocol.md §5.6). */
export function expectedAlternates(layout: Pick<Layout, 'rows'>, known?: KnownDevices): readonly ExpectedAlternate[] {
  const placements = storageDevices(layout.rows, known).flatMap((device) => device.placements);
  return storageRowsById(layout).map((row) => {
    const size = placements.find((placement) => placement.row === row)?.sizeBytes;
    const announced = size === undefined ? undefined : announcedBytes(size);
    return {
      id: row.id as number,
      name: row.name ?? '',
      access: isProgrammed(row) ? 'e' : 'a',
      ...(announced === undefined ? {} : { announcedBytes: announced }),
    };
  });
}

/** U-Boot counts in the largest unit of which there is more than one. Whole GiB exist since v2025.04 only. */
function announcedBytes(size: number): number | undefined {
  if (size > GIB) return size % GIB === 0 ? size : undefined;
  const unit = size > MIB ? MIB : size > 1024 ? 1024 : 1;
  return Math.floor(size / unit) * unit;
}
