import { type StorageDevice, storageDevices } from '../layout/geometry.ts';
import type { Layout } from '../layout/parse.ts';
import { isProgrammed } from '../layout/phases.ts';
import type { LayoutRow } from '../layout/row.ts';
import type { Proof } from './journal.ts';

const FINISHED = { selected: true, empty: true, erase: false } as const;

/**
 * Those of the proofs that still hold once the layout was sent again and the other rows were written: U-Boot
 * erases rows with D and writes partition tables before it asks for the first one.
 */
export function trustedProofs(layout: Layout, proofs: readonly Proof[]): readonly Proof[] {
  const proven = new Set(proofs.map(({ id }) => id));
  const ids = new Set(
    storageDevices(layout.rows)
      .flatMap((device) => trustedRows(device, ({ id }) => id !== undefined && proven.has(id)))
      .map(({ id }) => id),
  );
  return proofs.filter(({ id }, index) => ids.has(id) && proofs.findIndex((other) => other.id === id) === index);
}

function trustedRows({ device, placements }: StorageDevice, isProven: (row: LayoutRow) => boolean): LayoutRow[] {
  // Memory does not outlive the power.
  if (device.kind === 'ram') return [];
  const rows = placements.map(({ row }) => row);
  const boot = rows.filter(({ offset }) => typeof offset === 'string');
  const others = rows.filter((row) => !boot.includes(row));
  const finished = (among: readonly LayoutRow[]) => among.filter((row) => isProgrammed(row) && isProven(row));
  // The boot partition that was flashed last is the one that boots (FINDINGS §4): both again, or neither.
  const bootTrusted = boot.filter(isProgrammed).every(isProven) ? finished(boot) : [];
  // A raw image lies over the whole device: over its table, which is written anew, and over the other rows.
  const overlaid = others.length > 1 && others.some(({ type }) => type?.kind === 'RawImage');
  return [...bootTrusted, ...(overlaid ? [] : finished(others))];
}

/** The layout in which these rows exist, are not erased and are not asked for: `PE` without D. */
export function withFinishedRows(layout: Layout, finished: readonly Proof[]): Layout {
  const ids = new Set<number | undefined>(finished.map(({ id }) => id));
  const rows = layout.rows.map((row) => (isProgrammed(row) && ids.has(row.id) ? { ...row, opt: FINISHED } : row));
  return { ...layout, rows };
}
