import { eachFile } from '../../each.ts';
import { quote } from '../../quote.ts';
import { wantsFip, wantsStm32Image } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

export const fipWhereStm32: Rule = {
  id: 'fip-where-stm32',
  severity: 'error',
  title: 'a FIP and an STM32 image the wrong way round',
  why: 'The ROM starts STM32 images only, and TF-A opens a FIP only: "FIP Header check failed for phase 3".',
  example: 'fip.bin in a row named fsbl1',
  fix: 'exchange the files',
  aboutFile: true,
  check: eachFile(({ content }, row) => {
    if (wantsStm32Image(row) && content.kind === 'fip')
      return `${quote(row.binary ?? '')} is a FIP where the ROM wants an STM32 image`;
    if (wantsFip(row) && content.kind === 'stm32')
      return `${quote(row.binary ?? '')} is an STM32 image where TF-A wants a FIP`;
    return undefined;
  }),
};
