import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const idSyntax: Rule = {
  id: 'id-syntax',
  severity: 'error',
  title: 'an id that is no number',
  why: 'U-Boot answers "invalid phase value".',
  example: '5h',
  fix: 'write 0x and two hex digits',
  check: eachCell('id', ({ text }, { id }) => (id === undefined ? `${quote(text)} is no number` : undefined)),
};
