import { eachLine } from '../../each.ts';
import type { Rule } from '../../rule.ts';

export const blankLine: Rule = {
  id: 'blank-line',
  severity: 'info',
  title: 'a line of blanks',
  why: "ST's host tool takes it for a row without columns.",
  example: 'a line with one TAB',
  fix: 'delete the blanks',
  spoils: 'nothing',
  check: eachLine('blank', ({ text }) => (text === '' ? undefined : 'the line holds nothing but blanks')),
};
