import { isBootRow } from '../../../layout/phases.ts';
import { eachFile } from '../../each.ts';
import { quote } from '../../quote.ts';
import { BOOT_ID } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

export const fsblWithoutUsbLoader: Rule = {
  id: 'fsbl-without-usb-loader',
  severity: 'warning',
  title: 'a TF-A on phase 0x01 that cannot load over USB',
  why: 'Built without STM32MP_USB_PROGRAMMER=1 it panics as soon as it runs, and the board answers nothing any more. To find its texts the image is read, up to 1 MiB.',
  example: '- 0x01 fsbl-boot Binary none 0x0 tf-a-stm32mp157c-ev1.stm32',
  fix: 'use the build that ends in -usb, or build TF-A with STM32MP_USB_PROGRAMMER=1',
  aboutFile: true,
  spoils: 'nothing',
  check: eachFile(({ usbLoader }, row) => {
    if (!isBootRow(row) || row.id !== BOOT_ID.FSBL || usbLoader !== 'absent') return undefined;
    return `${quote(row.binary ?? '')} is a TF-A, and its text shows no USB programmer`;
  }),
};
