import { type Device, formatDevice } from './device.ts';
import { isStorageRow } from './phases.ts';
import type { LayoutRow } from './row.ts';
import { type KnownDevices, usableArea } from './usable-area.ts';

/** Where a row's partition lies, as U-Boot computes it. */
export interface Placement {
  readonly row: LayoutRow;
  /** GPT entry or MTD partition, from 1; 0 for a raw image and for boot1 and boot2. */
  readonly number: number;
  /** Undefined when the offset is unknown. */
  readonly address: number | undefined;
  /** Undefined when it ends with a device or a boot partition whose size is not known. */
  readonly sizeBytes: number | undefined;
  /** What the size depends on: the next partition, or only the hardware. */
  readonly boundedBy: 'neighbour' | 'device';
}

/** The partitions of one device; in the order of their addresses, raw images and boot partitions first. */
export interface StorageDevice {
  readonly name: string;
  readonly device: Device;
  /** Partial: one row is not selected, so no GPT is written and the device's own must match. Undefined: unknown. */
  readonly update: 'full' | 'partial' | undefined;
  readonly placements: readonly Placement[];
}

/** Groups the rows by device, in order of first appearance, and places them (protocol.md §5.3). */
export function storageDevices(rows: readonly LayoutRow[], known: KnownDevices = new Map()): readonly StorageDevice[] {
  const groups = new Map<string, LayoutRow[]>();
  for (const row of rows) {
    if (!isStorageRow(row)) continue;
    const name = formatDevice(row.ip as Device);
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  const complete = rows.every(({ ip }) => ip !== undefined);
  return [...groups].map(([name, group]) => {
    const device = group[0]?.ip as Device;
    return { name, device, update: updateOf(group), placements: placementsOf(group, device, known, complete) };
  });
}

function updateOf(rows: readonly LayoutRow[]): StorageDevice['update'] {
  if (rows.some(({ opt }) => opt?.selected === false)) return 'partial';
  return rows.every(({ opt }) => opt !== undefined) ? 'full' : undefined;
}

function placementsOf(
  rows: readonly LayoutRow[],
  device: Device,
  known: KnownDevices,
  complete: boolean,
): readonly Placement[] {
  const { end } = usableArea(device, known);
  const facts = known.get(formatDevice(device));
  const raw = rows.filter(({ type }) => type?.kind === 'RawImage');
  const boot = rows.filter((row) => !raw.includes(row) && typeof row.offset === 'string');
  const rest = rows.filter((row) => !raw.includes(row) && !boot.includes(row));
  // A row that may lie anywhere leaves the others without a certain end.
  const chained = complete && rest.every(({ offset, type }) => offset !== undefined && type !== undefined);
  const sorted = chained ? rest.toSorted((a, b) => addressOf(a) - addressOf(b)) : rest;
  return [
    ...raw.map((row) => whole(row, 0, facts?.sizeBytes)),
    ...boot
      .toSorted((a, b) => (String(a.offset) < String(b.offset) ? -1 : 1))
      .map((row) => whole(row, 0, facts?.bootBytes)),
    ...sorted.map((row, index): Placement => {
      if (!chained) return { row, number: 0, address: numberOf(row), sizeBytes: undefined, boundedBy: 'neighbour' };
      const next = sorted[index + 1];
      const limit = next === undefined ? end : addressOf(next);
      const address = addressOf(row);
      return {
        row,
        number: index + 1,
        address,
        sizeBytes: limit === undefined ? undefined : Math.max(0, limit - address),
        boundedBy: next === undefined ? 'device' : 'neighbour',
      };
    }),
  ];
}

function whole(row: LayoutRow, address: number, sizeBytes: number | undefined): Placement {
  return { row, number: 0, address, sizeBytes, boundedBy: 'device' };
}

function numberOf({ offset }: LayoutRow): number | undefined {
  return typeof offset === 'number' ? offset : undefined;
}

function addressOf(row: LayoutRow): number {
  return numberOf(row) ?? 0;
}
