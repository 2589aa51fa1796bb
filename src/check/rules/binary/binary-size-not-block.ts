import { SECTOR_BYTES } from '../../../layout/usable-area.ts';
import { eachFile } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const binarySizeNotBlock: Rule = {
  id: 'binary-size-not-block',
  severity: 'info',
  title: 'a file that ends within a sector',
  why: 'U-Boot fills the last sector with what its buffer held before: bytes of the previous image (measured on U-Boot v2026.07).',
  example: '1000 bytes on mmc0',
  fix: 'pad the file to 512 bytes if that matters',
  aboutFile: true,
  spoils: 'nothing',
  check: eachFile(({ sizeBytes }, row) =>
    row.ip?.kind === 'mmc' && sizeBytes % SECTOR_BYTES !== 0
      ? `${quote(row.binary ?? '')} has ${sizeBytes} bytes`
      : undefined,
  ),
};
