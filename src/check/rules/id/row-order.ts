import { hexNumber } from '../../../base/sizes.ts';
import { at, type Rule } from '../../rule.ts';

export const rowOrder: Rule = {
  id: 'row-order',
  severity: 'info',
  title: 'rows that are not in the order of their ids',
  why: "U-Boot asks by id; people and ST's host tool read by row.",
  example: '0x06 in front of 0x05',
  fix: 'sort the rows by id',
  spoils: 'nothing',
  check: ({ rows }) =>
    rows.flatMap((row, index) => {
      const before = rows[index - 1]?.id;
      if (before === undefined || row.id === undefined || row.id >= before) return [];
      return [at(row, 'id', `${hexNumber(row.id)} comes behind ${hexNumber(before)}`)];
    }),
};
