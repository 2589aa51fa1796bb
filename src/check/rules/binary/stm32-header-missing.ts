import { contentName, isUnfit } from '../../contents.ts';
import { eachFile } from '../../each.ts';
import { quote } from '../../quote.ts';
import { wantsStm32Image } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

export const stm32HeaderMissing: Rule = {
  id: 'stm32-header-missing',
  severity: 'error',
  title: 'an FSBL without an STM32 header',
  why: 'The ROM starts nothing that does not begin with STM2.',
  example: 'tf-a.bin instead of tf-a.stm32',
  fix: 'use the file that ends in .stm32',
  aboutFile: true,
  check: eachFile(({ content }, row) => {
    if (!wantsStm32Image(row) || content.kind === 'stm32' || isUnfit(content)) return undefined;
    const found = content.kind === 'unknown' ? 'has no STM32 header' : `is ${contentName(content)} and no STM32 image`;
    return `${quote(row.binary ?? '')} ${found}`;
  }),
};
