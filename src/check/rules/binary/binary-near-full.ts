import { isFilesystem } from '../../contents.ts';
import { eachFile } from '../../each.ts';
import { placementOf } from '../../places.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

const FULL = 0.95;

export const binaryNearFull: Rule = {
  id: 'binary-near-full',
  severity: 'info',
  title: 'a partition that is nearly full',
  why: 'The next build may be a little larger.',
  example: '250 KiB in 256 KiB',
  fix: 'leave more room',
  aboutFile: true,
  spoils: 'nothing',
  check: eachFile(({ sizeBytes, content }, row, subject) => {
    const size = placementOf(row, subject)?.sizeBytes;
    if (!size || row.type?.kind === 'RawImage' || isFilesystem(content) || sizeBytes <= size * FULL) return undefined;
    return `${quote(row.binary ?? '')} takes ${Math.floor((100 * sizeBytes) / size)} % of its partition`;
  }),
};
