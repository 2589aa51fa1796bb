import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const optRepeatedLetter: Rule = {
  id: 'opt-repeated-letter',
  severity: 'warning',
  title: 'a letter given twice',
  why: 'U-Boot takes it; the documentation lists no such combination.',
  example: 'PP',
  fix: 'write each letter once',
  check: eachCell('opt', ({ text }) => (/([PED]).*\1/.test(text) ? `${quote(text)} gives a letter twice` : undefined)),
};
