import { isStorageRow } from '../../../layout/phases.ts';
import { NO_BINARY } from '../../../layout/row.ts';
import { eachRow } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const envNotErased: Rule = {
  id: 'env-not-erased',
  severity: 'info',
  title: "U-Boot's environment kept",
  why: 'Without D, what an older U-Boot saved there stays and is used by the new one.',
  example: 'P 0x0A u-boot-env ENV mmc0',
  fix: 'write PED',
  spoils: 'nothing',
  check: eachRow('opt', (row) => {
    const isEnv = row.type?.kind === 'ENV' || row.name === 'u-boot-env';
    return isStorageRow(row) && isEnv && row.opt?.selected && !row.opt.erase && row.binary === NO_BINARY
      ? `an older environment in ${quote(row.name ?? '')} survives`
      : undefined;
  }),
};
