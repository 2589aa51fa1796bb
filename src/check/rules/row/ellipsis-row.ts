import { eachLine } from '../../each.ts';
import type { Rule } from '../../rule.ts';

export const ellipsisRow: Rule = {
  id: 'ellipsis-row',
  severity: 'error',
  title: 'dots in place of rows',
  why: 'A listing that was cut for printing: U-Boot reads the dots as an option and refuses.',
  example: '...',
  fix: 'write the rows out',
  spoils: 'row',
  check: eachLine('row', ({ text }) =>
    /^\s*(\.{2,}|…|\[\.{2,}\])\s*$/.test(text) ? 'dots stand in place of rows' : undefined,
  ),
};
