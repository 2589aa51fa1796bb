import { isStorageRow } from '../../../layout/phases.ts';
import { quote } from '../../quote.ts';
import { isMetadataPartition } from '../../roles.ts';
import { at, type Rule } from '../../rule.ts';

export const fipBWithoutMetadata: Rule = {
  id: 'fip-b-without-metadata',
  severity: 'warning',
  title: 'banks and nothing to choose between them',
  why: 'With fip-a and fip-b TF-A looks into the FWU metadata first: "Unable to find a metadata partition".',
  example: 'fip-a and fip-b without metadata1 and metadata2',
  fix: 'add metadata1 and metadata2, or use one partition named fip',
  spoils: 'nothing',
  check: (subject) => {
    const { rows } = subject;
    if (!subject.knows('name', 'ip', 'type') || rows.some(isMetadataPartition)) return [];
    const named = (bank: RegExp) => rows.find((other) => isStorageRow(other) && bank.test(other.name ?? ''));
    const first = named(/^fip-a$/);
    // Without metadata TF-A looks for a GPT entry named fip; raw flash has no names.
    const row = named(/^fip-b\d?$/) ?? (first?.ip?.kind === 'mmc' ? first : undefined);
    return row ? [at(row, 'name', `${quote(row.name ?? '')} is there, and no metadata`)] : [];
  },
};
