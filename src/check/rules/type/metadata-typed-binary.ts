import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import { isMetadataPartition } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

export const metadataTypedBinary: Rule = {
  id: 'metadata-typed-binary',
  severity: 'warning',
  title: 'FWU metadata of type Binary',
  why: 'TF-A finds it by name; tools for firmware update look for the type GUID that FWU_MDATA gives it.',
  example: 'P 0x06 metadata1 Binary mmc0',
  fix: 'write FWU_MDATA, which U-Boot knows since v2023.10',
  spoils: 'nothing',
  check: eachCell('type', ({ text }, row) =>
    row.ip?.kind === 'mmc' && row.type?.kind === 'Binary' && isMetadataPartition(row)
      ? `${quote(row.name ?? '')} is of type ${quote(text)}`
      : undefined,
  ),
};
