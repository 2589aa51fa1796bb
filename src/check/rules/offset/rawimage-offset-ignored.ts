import { isStorageRow } from '../../../layout/phases.ts';
import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const rawimageOffsetIgnored: Rule = {
  id: 'rawimage-offset-ignored',
  severity: 'warning',
  title: 'a whole-device image with an offset',
  why: 'U-Boot writes RawImage from the first byte of the device, whatever the offset says.',
  example: 'RawImage at 0x00080200',
  fix: 'write 0x0',
  spoils: 'nothing',
  check: eachCell('offset', ({ text }, row) =>
    isStorageRow(row) && row.type?.kind === 'RawImage' && row.offset !== undefined && row.offset !== 0
      ? `${quote(text)} is ignored`
      : undefined,
  ),
};
