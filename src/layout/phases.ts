import type { Layout } from './parse.ts';
import { type LayoutRow, NO_BINARY } from './row.ts';

/** True for a partition on a device of the board. */
export function isStorageRow(row: LayoutRow): boolean {
  return row.ip !== undefined && row.ip.kind !== 'none';
}

/** True for what only goes through memory while the board boots. */
export function isBootRow(row: LayoutRow): boolean {
  return row.ip?.kind === 'none';
}

/** True for a partition that U-Boot will ask for: selected and not empty. */
export function isProgrammed(row: LayoutRow): boolean {
  return isStorageRow(row) && row.opt?.selected === true && !row.opt.empty;
}

/** True when a file is named and goes to the board, in whichever stage. */
export function sendsFile(row: LayoutRow): boolean {
  return row.binary !== undefined && row.binary !== NO_BINARY && (isBootRow(row) || isProgrammed(row));
}

/** The row of a boot stage: FSBL 0x01, DDR firmware 0x02, SSBL 0x03. */
export function bootRow(layout: Pick<Layout, 'rows'>, id: number): LayoutRow | undefined {
  return layout.rows.find((row) => row.id === id && isBootRow(row));
}

/** The rows that U-Boot will ask for, in that order: by id, wherever they stand or lie (FINDINGS §1.6). */
export function plannedPhases(layout: Pick<Layout, 'rows'>): readonly LayoutRow[] {
  return byId(layout.rows.filter(isProgrammed));
}

/** The partitions that U-Boot offers as alternate settings, in that order: all of them, by id (FINDINGS §1.5). */
export function storageRowsById(layout: Pick<Layout, 'rows'>): readonly LayoutRow[] {
  return byId(layout.rows.filter(isStorageRow));
}

function byId(rows: readonly LayoutRow[]): readonly LayoutRow[] {
  return rows.filter(({ id }) => id !== undefined).toSorted((a, b) => (a.id as number) - (b.id as number));
}
