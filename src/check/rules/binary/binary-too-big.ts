import { eachFile } from '../../each.ts';
import { placementOf } from '../../places.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const binaryTooBig: Rule = {
  id: 'binary-too-big',
  severity: 'error',
  title: 'a file larger than its partition',
  why: 'U-Boot notices at the end, or after 8 MiB: "Request would exceed designated area!" on an mmc, "Limit reached" on raw flash. In a small partition nothing is written at all (measured on U-Boot v2026.07).',
  example: '1.5 MiB in a gap of 512 KiB',
  fix: 'move the partitions behind it, or make the file smaller',
  aboutFile: true,
  check: eachFile(({ sizeBytes, sizeIsLeast }, row, subject) => {
    const place = placementOf(row, subject);
    if (place?.sizeBytes === undefined || place.boundedBy !== 'neighbour' || sizeBytes <= place.sizeBytes)
      return undefined;
    return `${quote(row.binary ?? '')} has ${sizeIsLeast ? 'at least ' : ''}${sizeBytes} bytes, its partition ${place.sizeBytes}`;
  }),
};
