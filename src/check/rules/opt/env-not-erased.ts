import { isStorageRow } from '../../../layout/phases.ts';
import { NO_BINARY } from '../../../layout/row.ts';
import { eachRow } from '../../each.ts';
import { quote } from '../../quote.ts';
import { isEnvPartition } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

export const envNotErased: Rule = {
  id: 'env-not-erased',
  severity: 'info',
  title: "U-Boot's environment kept",
  why: 'Without D, what an older U-Boot saved there stays and is used by the new one.',
  example: 'P 0x0A u-boot-env ENV mmc0',
  fix: 'write PED, or PD where a file is written',
  spoils: 'nothing',
  check: eachRow('opt', (row) => {
    // Before there was a partition for it, the environment lay at the end of the one named ssbl.
    const isKept = isEnvPartition(row) ? row.binary === NO_BINARY : isStorageRow(row) && row.name === 'ssbl';
    return isKept && row.opt?.selected && !row.opt.erase
      ? `an older environment in ${quote(row.name ?? '')} survives`
      : undefined;
  }),
};
