import { hexNumber } from '../../../base/sizes.ts';
import { numbered } from '../../places.ts';
import { at, type Rule } from '../../rule.ts';

export const idOffsetOrder: Rule = {
  id: 'id-offset-order',
  severity: 'warning',
  title: 'ids that are not in the order of the addresses',
  why: 'GPT entries are numbered by address and phases run by id, so a partial update or a list of partitions reads differently from the layout. Raw flash has no GPT: there it is an info.',
  example: '0x05 at 0x4400 and 0x04 at 0x44400',
  fix: 'number the partitions in the order of their addresses',
  spoils: 'nothing',
  check: (subject) =>
    subject.devices.flatMap((device) => {
      const rows = device.device.kind === 'ram' ? [] : numbered(device).map(({ row }) => row);
      const index = rows.findIndex((row, place) => (row.id ?? 0) > (rows[place + 1]?.id ?? Number.POSITIVE_INFINITY));
      const [row, next] = rows.slice(index < 0 ? rows.length : index);
      if (!row || !next) return [];
      const message = `${hexNumber(row.id as number)} lies in front of ${hexNumber(next.id as number)}`;
      return [at(row, 'id', message, device.device.kind === 'mmc' ? {} : { severity: 'info' })];
    }),
};
