import { contentName, isUnfit } from '../../contents.ts';
import { eachFile } from '../../each.ts';
import { quote } from '../../quote.ts';
import { BOOT_ID, wantsFip } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

export const fipMagic: Rule = {
  id: 'fip-magic',
  severity: 'error',
  title: 'a file that is no FIP',
  why: 'TF-A answers "FIP Header check failed for phase 3".',
  example: 'u-boot.bin instead of fip.bin',
  fix: 'use the file that fiptool made',
  aboutFile: true,
  check: eachFile(({ content }, row) => {
    const isSsbl = row.ip?.kind === 'none' && row.id === BOOT_ID.SSBL;
    if (!(wantsFip(row) || isSsbl) || content.kind === 'fip' || content.kind === 'stm32' || isUnfit(content))
      return undefined;
    const wanted = wantsFip(row) ? 'no FIP' : 'neither a FIP nor an STM32 image';
    return `${quote(row.binary ?? '')} is ${contentName(content)} and ${wanted}`;
  }),
};
