import { eachLine } from '../../each.ts';
import type { Rule } from '../../rule.ts';

export const leadingTab: Rule = {
  id: 'leading-tab',
  severity: 'error',
  title: 'a TAB at the start of a row',
  why: "ST's host tool takes what is before it for a column and counts eight.",
  example: '<TAB>P<TAB>0x10',
  fix: 'delete the TAB',
  spoils: 'nothing',
  check: eachLine('row', ({ text }) =>
    text.startsWith('\t') ? { message: 'the row starts with a TAB', endColumn: 2 } : undefined,
  ),
};
