import { formatDevice } from '../../../layout/device.ts';
import { formatOffset } from '../../../layout/offset.ts';
import { isStorageRow } from '../../../layout/phases.ts';
import type { LayoutRow } from '../../../layout/row.ts';
import { at, type Rule } from '../../rule.ts';

export const offsetDuplicate: Rule = {
  id: 'offset-duplicate',
  severity: 'error',
  title: 'two partitions at one address',
  why: 'U-Boot answers "fsbl1 (0x4): same address : 0x4400 == fsbl2 (0x5): 0x4400".',
  example: '0x4400 twice on mmc0',
  fix: 'give each partition its own place',
  check: ({ rows }) => {
    const seen = new Map<string, LayoutRow>();
    return rows.flatMap((row) => {
      if (!row.ip || !isStorageRow(row) || typeof row.offset !== 'number' || !row.type || row.type.kind === 'RawImage')
        return [];
      const place = `${formatDevice(row.ip)} ${row.offset}`;
      const first = seen.get(place);
      if (first) return [at(row, 'offset', `${formatOffset(row.offset)} is the address of line ${first.line} already`)];
      seen.set(place, row);
      return [];
    });
  },
};
