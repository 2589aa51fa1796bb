import type { Rule } from '../../rule.ts';

export const noRows: Rule = {
  id: 'no-rows',
  severity: 'error',
  title: 'nothing but comments',
  why: 'U-Boot answers "Layout: no partition found".',
  example: '#Opt Id Name Type IP Offset Binary, and no more',
  fix: 'write a row for each file and partition',
  spoils: 'file',
  check: ({ layout }) =>
    layout.rows.length > 0 ? [] : [{ line: 1, column: 1, endColumn: 1, message: 'the file has no rows' }],
};
