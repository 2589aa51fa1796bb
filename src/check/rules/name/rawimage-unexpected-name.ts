import { isStorageRow } from '../../../layout/phases.ts';
import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const rawimageUnexpectedName: Rule = {
  id: 'rawimage-unexpected-name',
  severity: 'info',
  title: 'a whole-device image named like a partition',
  why: 'The name says one partition, the type overwrites all of them.',
  example: 'P 0x10 fsbl1 RawImage mmc0',
  fix: 'name it after the device: sdcard',
  spoils: 'nothing',
  check: eachCell('name', ({ text }, row) =>
    isStorageRow(row) && row.type?.kind === 'RawImage' && /^(fsbl|fip|metadata|ssbl)/i.test(text)
      ? `${quote(text)} stands for a whole device`
      : undefined,
  ),
};
