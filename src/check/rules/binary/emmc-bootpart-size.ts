import { eachFile } from '../../each.ts';
import { placementOf } from '../../places.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

const LARGEST = 32 * 2 ** 20;

export const emmcBootpartSize: Rule = {
  id: 'emmc-bootpart-size',
  severity: 'error',
  title: "a file larger than the eMMC's boot partition",
  why: 'boot1 and boot2 have a fixed size, mostly 2 to 32 MiB.',
  example: '6 MiB in a boot partition of 4 MiB',
  fix: 'make the file smaller',
  aboutFile: true,
  check: eachFile(({ sizeBytes }, row, subject) => {
    if (row.ip?.kind !== 'mmc' || typeof row.offset !== 'string' || row.type?.kind === 'RawImage') return undefined;
    const limit = placementOf(row, subject)?.sizeBytes ?? LARGEST;
    return sizeBytes > limit
      ? `${quote(row.binary ?? '')} has ${sizeBytes} bytes, ${row.offset} at most ${limit}`
      : undefined;
  }),
};
