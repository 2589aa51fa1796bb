import { printable } from '../../base/printable.ts';
import { type ChangedRow, compareLayouts } from '../../layout/compare.ts';
import { formatField, formatRow } from '../../layout/format.ts';
import type { Layout } from '../../layout/parse.ts';
import { FIELDS, type LayoutRow } from '../../layout/row.ts';

/** `layout diff`: a line for each phase that differs; nothing when the layouts mean the same. */
export function differenceText(before: Layout, after: Layout): readonly string[] {
  const { added, removed, changed } = compareLayouts(before, after);
  return [
    ...removed.map((row) => `- ${rowText(row)}`),
    ...added.map((row) => `+ ${rowText(row)}`),
    ...changed.map((change) => `~ ${changeText(change)}`),
  ].map(printable);
}

/** `layout diff --json`. */
export function differenceJson(before: Layout, after: Layout) {
  const { added, removed, changed } = compareLayouts(before, after);
  return {
    added: added.map(rowJson),
    removed: removed.map(rowJson),
    changed: changed.map(({ before: old, after: now, fields }) => ({
      id: formatField(old, 'id') ?? null,
      fields: Object.fromEntries(
        fields.map((field) => [field, [formatField(old, field) ?? null, formatField(now, field) ?? null]]),
      ),
    })),
  };
}

function rowText(row: LayoutRow): string {
  return formatRow(row, FIELDS).replaceAll('\t', '  ');
}

function changeText({ before, after, fields }: ChangedRow): string {
  const changes = fields.map(
    (field) => `${field} ${formatField(before, field) ?? '?'} -> ${formatField(after, field) ?? '?'}`,
  );
  return `${formatField(before, 'id') ?? '?'} ${formatField(before, 'name') ?? '?'}: ${changes.join(', ')}`;
}

function rowJson(row: LayoutRow) {
  return Object.fromEntries(FIELDS.map((field) => [field, formatField(row, field) ?? null]));
}
