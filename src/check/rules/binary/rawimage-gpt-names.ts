import { eachFile } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const rawimageGptNames: Rule = {
  id: 'rawimage-gpt-names',
  severity: 'warning',
  title: 'a whole-device image that does not boot',
  why: 'The ROM looks for a GPT name that begins with fsbl, TF-A for fip.',
  example: 'a GPT with rootfs only',
  fix: 'add the boot partitions to the image',
  aboutFile: true,
  spoils: 'nothing',
  check: eachFile(({ content }, row) => {
    if (row.type?.kind !== 'RawImage' || row.ip?.kind !== 'mmc' || content.kind !== 'gpt') return undefined;
    const bootable = content.partitions.some(({ name }) => name.startsWith('fsbl'));
    return bootable ? undefined : `${quote(row.binary ?? '')} has no partition named fsbl*`;
  }),
};
