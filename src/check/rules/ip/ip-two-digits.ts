import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const ipTwoDigits: Rule = {
  id: 'ip-two-digits',
  severity: 'error',
  title: 'a device number of two digits',
  why: 'U-Boot wants exactly one digit: "ip parsing error: \'mmc10\'".',
  example: 'mmc10',
  fix: 'write one digit',
  check: eachCell('ip', ({ text }) =>
    /^(mmc|nor|nand|spi-nand)\d{2,}$/.test(text) ? `${quote(text)} has more than one digit` : undefined,
  ),
};
