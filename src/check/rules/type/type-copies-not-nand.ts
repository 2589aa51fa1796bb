import { isStorageRow } from '../../../layout/phases.ts';
import { eachRow } from '../../each.ts';
import type { Rule } from '../../rule.ts';

export const typeCopiesNotNand: Rule = {
  id: 'type-copies-not-nand',
  severity: 'error',
  title: 'copies on a device that is not NAND',
  why: 'U-Boot makes copies on NAND only: "fsbl2 (0x5): multiple binary 2 not supported".',
  example: 'Binary(2) on mmc0',
  fix: 'write a row for each copy',
  check: eachRow('type', (row) => {
    if (!isStorageRow(row) || (row.type?.copies ?? 1) < 2 || row.ip?.kind === 'nand' || row.ip?.kind === 'spi-nand')
      return undefined;
    return `${row.type?.copies} copies on ${row.ip?.kind}`;
  }),
};
