import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const typeCopiesZero: Rule = {
  id: 'type-copies-zero',
  severity: 'error',
  title: 'no copies',
  why: 'What U-Boot makes of it is nowhere defined; nothing useful.',
  example: 'Binary(0)',
  fix: 'write Binary',
  check: eachCell('type', ({ text }, { type }) => (type?.copies === 0 ? `${quote(text)} asks for no copy` : undefined)),
};
