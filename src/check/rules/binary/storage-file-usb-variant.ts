import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import { isFsblPartition } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

const SERIAL_BOOT = /(?<![a-z])(usb|uart|programmer|serialboot)(?![a-z])/i;

export const storageFileUsbVariant: Rule = {
  id: 'storage-file-usb-variant',
  severity: 'warning',
  title: 'a TF-A for the programmer on the board',
  why: 'After the reset the board would wait for USB instead of starting from its storage.',
  example: 'P 0x04 fsbl1 Binary mmc0 0x00004400 tf-a-stm32mp157c-ev1-usb.stm32',
  fix: 'use the build for the device',
  spoils: 'nothing',
  check: eachCell('binary', ({ text }, row) => {
    const word = isFsblPartition(row) ? SERIAL_BOOT.exec(text.split(/[\\/]/).at(-1) ?? '')?.[0] : undefined;
    return word === undefined ? undefined : `${quote(text)} is named after ${quote(word)}`;
  }),
};
