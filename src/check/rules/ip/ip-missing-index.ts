import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const ipMissingIndex: Rule = {
  id: 'ip-missing-index',
  severity: 'error',
  title: 'a device without its number',
  why: 'U-Boot wants exactly one digit: "ip parsing error: \'mmc\'".',
  example: 'mmc',
  fix: "add the number: mmc0 for the SD card, mmc1 for the eMMC on ST's boards",
  check: eachCell('ip', ({ text }) =>
    /^(mmc|nor|nand|spi-nand)$/.test(text) ? `${quote(text)} lacks the device's number` : undefined,
  ),
};
