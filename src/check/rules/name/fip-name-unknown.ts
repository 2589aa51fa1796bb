import { isStorageRow } from '../../../layout/phases.ts';
import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import { isFipName } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

export const fipNameUnknown: Rule = {
  id: 'fip-name-unknown',
  severity: 'warning',
  title: 'a FIP under a name that TF-A does not look for',
  why: 'U-Boot gives the GUIDs of FWU metadata to fip-a and fip-b only; TF-A otherwise looks for fip: "Unable to find the partition with the uuid mentioned in metadata".',
  example: 'fip_a',
  fix: 'use fip, fip-a or fip-b',
  check: eachCell('name', ({ text }, row) =>
    isStorageRow(row) && row.type?.kind === 'FIP' && !isFipName(text)
      ? `${quote(text)} is no name that TF-A looks for`
      : undefined,
  ),
};
