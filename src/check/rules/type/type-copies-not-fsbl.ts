import { hexNumber } from '../../../base/sizes.ts';
import { isStorageRow } from '../../../layout/phases.ts';
import { eachRow } from '../../each.ts';
import { quote } from '../../quote.ts';
import { FIRST_USER_ID } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

export const typeCopiesNotFsbl: Rule = {
  id: 'type-copies-not-fsbl',
  severity: 'error',
  title: 'copies of something that is no FSBL',
  why: 'U-Boot makes copies of rows named fsbl* with an id below 0x10 only: "multiple binary 2 not supported".',
  example: 'Binary(2) for a row named fip',
  fix: 'write a row for each copy',
  check: eachRow('type', (row) => {
    if (!isStorageRow(row) || (row.type?.copies ?? 1) < 2 || row.name === undefined || row.id === undefined)
      return undefined;
    const fits = row.name.startsWith('fsbl') && row.id < FIRST_USER_ID;
    return fits ? undefined : `${row.type?.copies} copies of ${quote(row.name)} on ${hexNumber(row.id)}`;
  }),
};
