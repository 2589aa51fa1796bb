import { hexNumber } from '../../../base/sizes.ts';
import { isStorageRow } from '../../../layout/phases.ts';
import type { LayoutRow } from '../../../layout/row.ts';
import { at, type Rule } from '../../rule.ts';

export const idDuplicate: Rule = {
  id: 'id-duplicate',
  severity: 'error',
  title: 'an id given to two partitions',
  why: 'U-Boot answers "Layout: duplicated phase 0x4 for part fsbl1 and fsbl2", and only after the board has started over.',
  example: '0x04 twice',
  fix: 'give each partition an id of its own',
  check: ({ rows }) => {
    const seen = new Map<number, LayoutRow>();
    return rows.filter(isStorageRow).flatMap((row) => {
      const first = row.id === undefined ? undefined : seen.get(row.id);
      if (row.id !== undefined && !first) seen.set(row.id, row);
      return first ? [at(row, 'id', `${hexNumber(row.id as number)} stands on line ${first.line} already`)] : [];
    });
  },
};
