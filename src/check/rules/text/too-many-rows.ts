import { LAST_ID } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

export const tooManyRows: Rule = {
  id: 'too-many-rows',
  severity: 'error',
  title: 'more rows than U-Boot has room for',
  why: 'U-Boot counts at most 0xF0 rows: "Layout: too many partition (253)".',
  example: '241 rows',
  fix: 'split the layout',
  spoils: 'file',
  check: ({ layout }) => {
    const row = layout.rows[LAST_ID];
    if (!row) return [];
    return [
      { line: row.line, column: 1, endColumn: 1, message: `${layout.rows.length} rows are more than ${LAST_ID}` },
    ];
  },
};
