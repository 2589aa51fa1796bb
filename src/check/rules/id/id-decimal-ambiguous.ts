import { hexNumber } from '../../../base/sizes.ts';
import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const idDecimalAmbiguous: Rule = {
  id: 'id-decimal-ambiguous',
  severity: 'error',
  title: 'a decimal id of two digits',
  why: "U-Boot reads it as decimal, ST's host tool as hex: two different phases.",
  example: '17',
  fix: 'write 0x and two hex digits',
  check: eachCell('id', ({ text }, { id }) =>
    /^[1-9]\d+$/.test(text) && id !== undefined
      ? `${quote(text)} is ${hexNumber(id)} to U-Boot and 0x${text} to other tools`
      : undefined,
  ),
};
