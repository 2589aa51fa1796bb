import type { Layout } from './parse.ts';
import { isStorageRow } from './phases.ts';
import type { LayoutRow } from './row.ts';

const UNSELECTED = { selected: false, empty: false, erase: false } as const;

/** The layout with every other partition turned to `-`: a partial update of the ids named. */
export function selectOnly(layout: Layout, ids: ReadonlySet<number>): Layout {
  const keep = (row: LayoutRow) => !isStorageRow(row) || (row.id !== undefined && ids.has(row.id));
  return { ...layout, rows: layout.rows.map((row) => (keep(row) ? row : { ...row, opt: UNSELECTED })) };
}
