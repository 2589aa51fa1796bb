import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const idDecimal: Rule = {
  id: 'id-decimal',
  severity: 'info',
  title: 'an id without 0x',
  why: 'All tools agree on one digit; it is only unusual.',
  example: '5',
  fix: 'write 0x and two hex digits',
  spoils: 'nothing',
  check: eachCell('id', ({ text }) => (/^[1-9]$/.test(text) ? `${quote(text)} is written without 0x` : undefined)),
};
