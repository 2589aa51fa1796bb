import type { Rule } from '../../rule.ts';

export const blankLine: Rule = {
  id: 'blank-line',
  severity: 'info',
  title: 'a line of blanks',
  why: "ST's host tool takes it for a row without columns.",
  example: 'a line with one TAB',
  fix: 'delete the blanks',
  spoils: 'nothing',
  check: ({ layout }) => {
    const lines = layout.lines.filter(({ kind, text }) => kind === 'blank' && text !== '');
    const first = lines[0];
    if (!first) return [];
    const message =
      lines.length === 1 ? 'the line holds nothing but blanks' : `${lines.length} lines hold nothing but blanks`;
    return [{ line: first.number, column: 1, endColumn: first.text.length + 1, message }];
  },
};
