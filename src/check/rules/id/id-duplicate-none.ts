import { hexNumber } from '../../../base/sizes.ts';
import { isStorageRow } from '../../../layout/phases.ts';
import type { LayoutRow } from '../../../layout/row.ts';
import { at, type Rule } from '../../rule.ts';

export const idDuplicateNone: Rule = {
  id: 'id-duplicate-none',
  severity: 'error',
  title: 'an id given twice, once without a device',
  why: 'U-Boot does not notice; the host sends one of the two files and drops the other.',
  example: '0x03 for a FIP and again for u-boot.stm32',
  fix: 'delete one of the rows',
  check: ({ rows }) => {
    const seen = new Map<number, LayoutRow>();
    return rows.flatMap((row) => {
      if (row.id === undefined || row.ip === undefined) return [];
      const first = seen.get(row.id);
      if (!first) seen.set(row.id, row);
      if (!first || (isStorageRow(first) && isStorageRow(row))) return [];
      return [at(row, 'id', `${hexNumber(row.id)} stands on line ${first.line} already`)];
    });
  },
};
