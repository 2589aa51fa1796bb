import { hexNumber } from '../../../base/sizes.ts';
import { isStorageRow } from '../../../layout/phases.ts';
import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import { FIRST_PARTITION_ID } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

export const ipStorageOnBootRow: Rule = {
  id: 'ip-storage-on-boot-row',
  severity: 'warning',
  title: 'a boot stage with a device',
  why: '0x01 to 0x03 only go through memory. With a device the row becomes a partition that is not selected, and the whole device a partial update.',
  example: '- 0x01 fsbl Binary mmc0 0x4400',
  fix: 'write none',
  spoils: 'row',
  check: eachCell('ip', ({ text }, row) => {
    const id = row.id ?? 0;
    if (id === 0 || id >= FIRST_PARTITION_ID || !isStorageRow(row) || row.opt?.selected !== false) return undefined;
    return `phase ${hexNumber(id)} lies on ${quote(text)}`;
  }),
};
