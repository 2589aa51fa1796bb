import { formatDevice } from '../../../layout/device.ts';
import { formatOffset } from '../../../layout/offset.ts';
import { isStorageRow } from '../../../layout/phases.ts';
import { at, type Rule } from '../../rule.ts';

export const offsetNotAscending: Rule = {
  id: 'offset-not-ascending',
  severity: 'info',
  title: 'rows that are not in the order of their addresses',
  why: 'create_sdcard_from_flashlayout.sh takes the next row for the end of a partition.',
  example: '0x00904400 in front of 0x00504400',
  fix: 'sort the rows by address',
  spoils: 'nothing',
  check: ({ rows }) => {
    const last = new Map<string, number>();
    return rows.flatMap((row) => {
      if (!row.ip || !isStorageRow(row) || typeof row.offset !== 'number' || row.type?.kind === 'RawImage') return [];
      const device = formatDevice(row.ip);
      const before = last.get(device) ?? 0;
      last.set(device, row.offset);
      return row.offset < before
        ? [at(row, 'offset', `${formatOffset(row.offset)} comes behind ${formatOffset(before)}`)]
        : [];
    });
  },
};
