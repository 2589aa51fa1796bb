import { STM32_HEADER_FAMILIES } from '../../../image/stm32-header.ts';
import type { Family } from '../../../stm32/chips.ts';
import { eachFile } from '../../each.ts';
import { quote } from '../../quote.ts';
import { wantsStm32Image } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

export const stm32HeaderFamily: Rule = {
  id: 'stm32-header-family',
  severity: 'error',
  title: 'an FSBL for another family',
  why: 'Each ROM takes one version of the header: STM32MP15 1.0, MP13 2.0, MP23 and MP25 2.2, MP21 2.3 (TF-A platform.mk).',
  example: 'an image with header 2.0 on an STM32MP15',
  fix: "use the image of the board's family",
  aboutFile: true,
  check: eachFile(({ content }, row, { families }) => {
    if (!wantsStm32Image(row) || content.kind !== 'stm32' || families.length === 0) return undefined;
    const { version } = content.header;
    const fits: readonly Family[] = STM32_HEADER_FAMILIES[version];
    if (families.some((family) => fits.includes(family))) return undefined;
    return `${quote(row.binary ?? '')} has header ${version} of ${fits.join(' and ')}, the board is ${families.join(' or ')}`;
  }),
};
