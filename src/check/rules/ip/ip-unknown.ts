import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const ipUnknown: Rule = {
  id: 'ip-unknown',
  severity: 'error',
  title: 'a device that does not exist',
  why: 'U-Boot answers "ip parsing error: \'sdcard\'".',
  example: 'sdcard',
  fix: 'use none, mmc0…9, nor0…9, nand0…9, spi-nand0…9 or ram0',
  check: eachCell('ip', ({ text }, { ip }) => (ip ? undefined : `${quote(text)} is no device`)),
};
