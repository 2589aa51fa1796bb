import { quote } from '../../quote.ts';
import { at, type Rule } from '../../rule.ts';

export const metadataUnpaired: Rule = {
  id: 'metadata-unpaired',
  severity: 'error',
  title: 'one of the two copies of FWU metadata',
  why: 'TF-A reads both and stops without them: "loading of FWU-Metadata failed, using Bkup-FWU-Metadata", then PANIC.',
  example: 'metadata1 without metadata2',
  fix: 'add the other row',
  spoils: 'nothing',
  check: (subject) =>
    subject.devices.flatMap(({ placements }) => {
      if (!subject.knows('name', 'ip')) return [];
      const rows = placements.map(({ row }) => row).filter(({ name }) => name === 'metadata1' || name === 'metadata2');
      const [row] = rows;
      return row && new Set(rows.map(({ name }) => name)).size === 1
        ? [at(row, 'name', `${quote(row.name ?? '')} stands alone`)]
        : [];
    }),
};
