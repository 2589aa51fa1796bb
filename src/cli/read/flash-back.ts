import { formatRow } from '../../layout/format.ts';
import type { Layout } from '../../layout/parse.ts';
import { isStorageRow } from '../../layout/phases.ts';
import { FIELDS, type LayoutRow, NO_BINARY } from '../../layout/row.ts';

const SELECTED = { selected: true, empty: false, erase: false } as const;
const UNSELECTED = { ...SELECTED, selected: false } as const;

/**
 * The text of a layout that writes back what was saved, by row, and leaves the other partitions alone. A saved
 * NAND partition holds all copies of its FSBL: none has to be made.
 */
export function flashBackText(layout: Layout, saved: ReadonlyMap<LayoutRow, string>): string {
  const rows = layout.rows.map((row) => {
    if (!isStorageRow(row)) return row;
    const binary = saved.get(row);
    if (binary === undefined) return { ...row, opt: UNSELECTED, binary: NO_BINARY };
    return { ...row, opt: SELECTED, binary, ...(row.type && { type: { ...row.type, copies: 1 } }) };
  });
  return ['#Opt\tId\tName\tType\tIP\tOffset\tBinary', ...rows.map((row) => formatRow(row, FIELDS)), ''].join('\n');
}
