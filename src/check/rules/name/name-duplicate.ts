import { formatDevice } from '../../../layout/device.ts';
import { isStorageRow } from '../../../layout/phases.ts';
import type { LayoutRow } from '../../../layout/row.ts';
import { quote } from '../../quote.ts';
import { at, type Rule } from '../../rule.ts';

export const nameDuplicate: Rule = {
  id: 'name-duplicate',
  severity: 'warning',
  title: 'a name given twice on one device',
  why: 'TF-A, Linux (/dev/disk/by-partlabel) and fw_setenv find partitions by name.',
  example: 'fsbl1 twice',
  fix: 'give each partition a name of its own',
  check: ({ rows }) => {
    const seen = new Map<string, LayoutRow>();
    return rows.flatMap((row) => {
      if (!row.ip || !isStorageRow(row) || row.name === undefined) return [];
      const key = `${formatDevice(row.ip)} ${row.name}`;
      const first = seen.get(key);
      if (first) return [at(row, 'name', `${quote(row.name)} is the name of line ${first.line} already`)];
      seen.set(key, row);
      return [];
    });
  },
};
