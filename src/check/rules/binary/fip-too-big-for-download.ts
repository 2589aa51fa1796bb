import { formatSize } from '../../../base/sizes.ts';
import { eachFile } from '../../each.ts';
import { quote } from '../../quote.ts';
import { BOOT_ID } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

const BUFFER_BYTES = 16 * 2 ** 20;

export const fipTooBigForDownload: Rule = {
  id: 'fip-too-big-for-download',
  severity: 'error',
  title: "a boot file larger than TF-A's buffer",
  why: 'TF-A takes 16 MiB for the phases 0x02 and 0x03 (DWL_BUFFER_SIZE; alternate setting "@SSBL /0x03/1*16Me").',
  example: 'a FIP of 20 MiB on 0x03',
  fix: 'build a smaller one',
  aboutFile: true,
  check: eachFile(({ sizeBytes }, row) => {
    if (row.ip?.kind !== 'none' || (row.id !== BOOT_ID.SSBL && row.id !== BOOT_ID.DDR)) return undefined;
    return sizeBytes > BUFFER_BYTES
      ? `${quote(row.binary ?? '')} has ${sizeBytes} bytes, more than ${formatSize(BUFFER_BYTES)}`
      : undefined;
  }),
};
