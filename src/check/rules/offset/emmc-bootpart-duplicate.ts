import { quote } from '../../quote.ts';
import { at, type Rule } from '../../rule.ts';

export const emmcBootpartDuplicate: Rule = {
  id: 'emmc-bootpart-duplicate',
  severity: 'error',
  title: 'one boot partition for two rows',
  why: 'The second file overwrites the first.',
  example: 'boot1 twice',
  fix: 'use boot1 and boot2',
  check: ({ rows }) => {
    const seen = new Set<string>();
    return rows.flatMap((row) => {
      if (row.ip?.kind !== 'mmc' || typeof row.offset !== 'string') return [];
      const place = `${row.ip.index} ${row.offset}`;
      if (seen.has(place)) return [at(row, 'offset', `${quote(row.offset)} is given twice`)];
      seen.add(place);
      return [];
    });
  },
};
