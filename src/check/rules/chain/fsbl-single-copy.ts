import { formatDevice } from '../../../layout/device.ts';
import { quote } from '../../quote.ts';
import { isFsblPartition } from '../../roles.ts';
import { at, type Rule } from '../../rule.ts';

export const fsblSingleCopy: Rule = {
  id: 'fsbl-single-copy',
  severity: 'warning',
  title: 'one FSBL where the ROM looks for two',
  why: 'When the first copy is damaged the ROM goes on to the second.',
  example: 'fsbl1 without fsbl2',
  fix: 'add a row for the second copy',
  spoils: 'nothing',
  check: (subject) =>
    subject.devices.flatMap(({ device, placements }) => {
      if (!subject.knows('name', 'ip', 'type') || (device.kind !== 'mmc' && device.kind !== 'nor')) return [];
      const [row, second] = placements.map((place) => place.row).filter(isFsblPartition);
      return row && !second
        ? [at(row, 'name', `${quote(row.name ?? '')} is the only FSBL on ${formatDevice(device)}`)]
        : [];
    }),
};
