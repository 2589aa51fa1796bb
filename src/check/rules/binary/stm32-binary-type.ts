import { hexNumber } from '../../../base/sizes.ts';
import { eachFile } from '../../each.ts';
import { quote } from '../../quote.ts';
import { wantsStm32Image } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

export const stm32BinaryType: Rule = {
  id: 'stm32-binary-type',
  severity: 'warning',
  title: 'an FSBL that says it is something else',
  why: "The header's last field says what the image is: 0x10 to 0x1F TF-A, 0x00 U-Boot or its SPL.",
  example: 'binary type 0x20',
  fix: 'use the FSBL',
  aboutFile: true,
  spoils: 'nothing',
  check: eachFile(({ content }, row) => {
    if (!wantsStm32Image(row) || content.kind !== 'stm32' || row.name?.startsWith('fsblm')) return undefined;
    const { binaryType } = content.header;
    return binaryType === 0 || (binaryType >= 0x10 && binaryType <= 0x1f)
      ? undefined
      : `${quote(row.binary ?? '')} is of type ${hexNumber(binaryType)}`;
  }),
};
