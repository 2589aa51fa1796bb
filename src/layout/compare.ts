import { formatField } from './format.ts';
import type { Layout } from './parse.ts';
import { FIELDS, type Field, type LayoutRow } from './row.ts';

/** A phase that both layouts have, and do not mean the same by. */
export interface ChangedRow {
  readonly before: LayoutRow;
  readonly after: LayoutRow;
  readonly fields: readonly Field[];
}

export interface Comparison {
  readonly added: readonly LayoutRow[];
  readonly removed: readonly LayoutRow[];
  readonly changed: readonly ChangedRow[];
}

/**
 * What two layouts mean differently, by phase id: order, comments and notation do not count. Rows with one id
 * are compared in their order; a row whose id cannot be read goes by its text.
 */
export function compareLayouts(before: Pick<Layout, 'rows'>, after: Pick<Layout, 'rows'>): Comparison {
  const old = keyed(before.rows);
  const now = keyed(after.rows);
  return {
    added: [...now].filter(([key]) => !old.has(key)).map(([, row]) => row),
    removed: [...old].filter(([key]) => !now.has(key)).map(([, row]) => row),
    changed: [...old].flatMap(([key, row]) => {
      const other = now.get(key);
      const fields = other ? FIELDS.filter((field) => formatField(row, field) !== formatField(other, field)) : [];
      return other && fields.length > 0 ? [{ before: row, after: other, fields }] : [];
    }),
  };
}

function keyed(rows: readonly LayoutRow[]): ReadonlyMap<string, LayoutRow> {
  const keys = new Map<string, LayoutRow>();
  const seen = new Map<string, number>();
  for (const row of rows) {
    const id = formatField(row, 'id') ?? '';
    const number = seen.get(id) ?? 0;
    seen.set(id, number + 1);
    keys.set(`${id} ${number}`, row);
  }
  return keys;
}
