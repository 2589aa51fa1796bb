import { isStorageRow } from '../../../layout/phases.ts';
import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import { FIRST_PARTITION_ID } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

export const idReservedForBoot: Rule = {
  id: 'id-reserved-for-boot',
  severity: 'error',
  title: 'a partition on an id of the boot stages',
  why: "0x01 to 0x03 go to the ROM and TF-A before U-Boot runs; the host would send the partition's file there.",
  example: 'P 0x02 fsbl1 Binary mmc1 boot1',
  fix: 'number partitions from 0x04',
  check: eachCell('id', ({ text }, row) =>
    isBootId(row.id) && isStorageRow(row) && row.opt?.selected
      ? `${quote(text)} belongs to the boot stages`
      : undefined,
  ),
};

function isBootId(id: number | undefined): boolean {
  return id !== undefined && id > 0 && id < FIRST_PARTITION_ID;
}
