import { eachFile } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const stm32HeaderLength: Rule = {
  id: 'stm32-header-length',
  severity: 'error',
  title: 'an STM32 image that was cut off',
  why: 'The ROM loads as many bytes as the header says and checks their sum.',
  example: 'a header that says 64 bytes in a file that has 56 behind it',
  fix: 'build or copy the file again',
  aboutFile: true,
  check: eachFile(({ content, sizeBytes, sizeIsLeast }, row) => {
    if (content.kind !== 'stm32' || sizeIsLeast) return undefined;
    const wanted = content.header.headerBytes + content.header.payloadBytes;
    return sizeBytes < wanted
      ? `${quote(row.binary ?? '')} has ${sizeBytes} bytes, its header speaks of ${wanted}`
      : undefined;
  }),
};
