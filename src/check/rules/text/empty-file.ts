import type { Rule } from '../../rule.ts';

export const emptyFile: Rule = {
  id: 'empty-file',
  severity: 'error',
  title: 'a file without content',
  why: "U-Boot's parser fails on it without a word, ST's host tool says that the file is empty.",
  example: '0 bytes',
  fix: 'write a row for each file and partition',
  spoils: 'file',
  check: ({ layout }) =>
    layout.lines.length > 0 ? [] : [{ line: 1, column: 1, endColumn: 1, message: 'the file is empty' }],
};
