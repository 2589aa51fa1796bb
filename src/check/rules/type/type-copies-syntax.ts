import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const typeCopiesSyntax: Rule = {
  id: 'type-copies-syntax',
  severity: 'error',
  title: 'a number of copies that cannot be read',
  why: 'U-Boot refuses `Binary(2`, and takes `Binary()` and `Binary(x)` for no copy at all.',
  example: 'Binary(2',
  fix: 'write Binary, or Binary(2) with a number in parentheses',
  check: eachCell('type', ({ text }, { type }) =>
    !type && text.startsWith('Binary(') ? `${quote(text)} names no number of copies` : undefined,
  ),
};
