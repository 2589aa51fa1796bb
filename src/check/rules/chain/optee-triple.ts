import { isStorageRow } from '../../../layout/phases.ts';
import { quote } from '../../quote.ts';
import { isFipPartition } from '../../roles.ts';
import { at, type Rule } from '../../rule.ts';

export const opteeTriple: Rule = {
  id: 'optee-triple',
  severity: 'info',
  title: 'OP-TEE partitions beside a FIP',
  why: 'teeh, teed and teex are from before 2021; a FIP holds OP-TEE.',
  example: 'teeh, teed, teex and fip',
  fix: 'delete the old rows',
  spoils: 'nothing',
  check: ({ rows }) => {
    const row = rows.find((other) => isStorageRow(other) && /^tee[hdx]$/.test(other.name ?? ''));
    return row && rows.some(isFipPartition) ? [at(row, 'name', `${quote(row.name ?? '')} stands beside a FIP`)] : [];
  },
};
