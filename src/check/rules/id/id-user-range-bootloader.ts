import { hexNumber } from '../../../base/sizes.ts';
import { isStorageRow } from '../../../layout/phases.ts';
import { eachRow } from '../../each.ts';
import { quote } from '../../quote.ts';
import { FIRST_USER_ID, isFipPartition, isFsblPartition } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

export const idUserRangeBootloader: Rule = {
  id: 'id-user-range-bootloader',
  severity: 'info',
  title: 'a boot image on an id for user partitions',
  why: "ST's build keeps 0x10 to 0xF0 for file systems; the board does not mind.",
  example: 'P 0x10 fip FIP mmc0',
  fix: 'use 0x04 to 0x0F',
  spoils: 'nothing',
  check: eachRow('id', (row) =>
    isStorageRow(row) &&
    row.id !== undefined &&
    row.id >= FIRST_USER_ID &&
    (isFsblPartition(row) || isFipPartition(row))
      ? `${quote(row.name ?? '')} on ${hexNumber(row.id)}`
      : undefined,
  ),
};
