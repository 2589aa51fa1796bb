import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const offsetSyntax: Rule = {
  id: 'offset-syntax',
  severity: 'error',
  title: 'an offset that is no number',
  why: 'U-Boot answers "invalid offset \'0x0004440G\'".',
  example: '0x0004440G',
  fix: 'write bytes in hex with 0x, or boot1 or boot2',
  check: eachCell('offset', ({ text }, { offset }) =>
    offset === undefined ? `${quote(text)} is no number of bytes` : undefined,
  ),
};
