import { contentName, isUnfit } from '../../contents.ts';
import { eachFile } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const rawimageNoGpt: Rule = {
  id: 'rawimage-no-gpt',
  severity: 'warning',
  title: 'a whole-device image without a GPT',
  why: 'The ROM finds its FSBL through the GPT, or at fixed sectors that few images use.',
  example: 'a disk image with an MBR only',
  fix: 'partition the image with a GPT',
  aboutFile: true,
  spoils: 'nothing',
  check: eachFile(({ content }, row) => {
    if (row.type?.kind !== 'RawImage' || row.ip?.kind !== 'mmc' || content.kind === 'gpt' || isUnfit(content))
      return undefined;
    return `${quote(row.binary ?? '')} is ${contentName(content)}, without a GPT`;
  }),
};
