import { eachFile } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const stm32HeaderChecksum: Rule = {
  id: 'stm32-header-checksum',
  severity: 'error',
  title: 'an STM32 image with a wrong checksum',
  why: "The ROM adds up the payload's bytes and refuses when the sum is not the header's. To find it the whole file is read.",
  example: 'a file changed after the header was made',
  fix: 'build or copy the file again',
  aboutFile: true,
  check: eachFile(({ content }, row) =>
    content.kind === 'stm32' && content.checksum === 'wrong'
      ? `${quote(row.binary ?? '')} has another checksum than its header`
      : undefined,
  ),
};
