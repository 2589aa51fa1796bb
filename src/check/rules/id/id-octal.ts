import { hexNumber } from '../../../base/sizes.ts';
import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const idOctal: Rule = {
  id: 'id-octal',
  severity: 'warning',
  title: 'an id with a leading zero',
  why: "U-Boot reads it as octal, ST's host tool as hex: two different phases.",
  example: '010',
  fix: 'write 0x and two hex digits',
  check: eachCell('id', ({ text }, { id }) =>
    /^0\d+$/.test(text) && id !== undefined
      ? `${quote(text)} is ${hexNumber(id)} to U-Boot and 0x${text.slice(1)} to other tools`
      : undefined,
  ),
};
