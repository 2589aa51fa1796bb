import { isBootRow } from '../../../layout/phases.ts';
import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import { BOOT_ID } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

const STORAGE = /(?<![a-z])(sdcard|emmc|nand|nor|trusted|optee)(?![a-z])/i;
const SERIAL_BOOT = /(?<![a-z])(usb|uart|programmer|serialboot)(?![a-z])/i;

export const bootFileUsbVariant: Rule = {
  id: 'boot-file-usb-variant',
  severity: 'warning',
  title: 'a TF-A for storage on phase 0x01',
  why: 'Built without the USB programmer it looks for its device and stops: "ERROR: Boot interface not found".',
  example: '- 0x01 fsbl-boot Binary none 0x0 tf-a-stm32mp157c-ev1-sdcard.stm32',
  fix: 'use the build that ends in -usb',
  spoils: 'nothing',
  check: eachCell('binary', ({ text }, row) => {
    const name = text.split(/[\\/]/).at(-1) ?? '';
    if (!isBootRow(row) || row.id !== BOOT_ID.FSBL || SERIAL_BOOT.test(name)) return undefined;
    const word = STORAGE.exec(name)?.[0];
    return word === undefined ? undefined : `${quote(name)} is named after ${quote(word)}, not after USB`;
  }),
};
