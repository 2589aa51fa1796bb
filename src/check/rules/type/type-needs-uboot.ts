import { bootRow, isStorageRow } from '../../../layout/phases.ts';
import { eachRow } from '../../each.ts';
import { isProblem } from '../../file-facts.ts';
import { quote } from '../../quote.ts';
import { BOOT_ID } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

const SINCE: Readonly<Record<string, string>> = {
  FIP: '2021.07',
  ENV: '2023.07',
  ESP: '2023.07',
  FWU_MDATA: '2023.07',
};

export const typeNeedsUboot: Rule = {
  id: 'type-needs-uboot',
  severity: 'warning',
  title: 'a type that the U-Boot in the SSBL does not know',
  why: 'FIP came with v2021.07, ENV, ESP and FWU_MDATA with v2023.10: before, "type parsing error". To find the version, up to 64 MiB of the file on 0x03 are read.',
  example: 'FWU_MDATA with U-Boot 2022.10',
  fix: 'write Binary, or use a newer U-Boot on 0x03',
  aboutFile: true,
  spoils: 'nothing',
  check: eachRow('type', (row, { rows, context }) => {
    const since = isStorageRow(row) && row.type ? SINCE[row.type.kind] : undefined;
    const ssbl = bootRow({ rows }, BOOT_ID.SSBL)?.binary;
    const facts = ssbl === undefined ? undefined : context.files?.get(ssbl);
    if (since === undefined || !facts || isProblem(facts) || facts.ubootVersion === undefined) return undefined;
    return facts.ubootVersion < since
      ? `U-Boot ${facts.ubootVersion} in ${quote(ssbl ?? '')} does not know ${row.type?.kind}`
      : undefined;
  }),
};
