import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const offsetNone: Rule = {
  id: 'offset-none',
  severity: 'error',
  title: 'none as an offset',
  why: 'U-Boot has no such word in this column: "invalid offset \'none\'".',
  example: 'none',
  fix: 'write 0x0',
  check: eachCell('offset', ({ text }) => (text === 'none' ? `${quote(text)} is no offset` : undefined)),
};
