import { formatDevice } from '../../../layout/device.ts';
import { isProgrammed } from '../../../layout/phases.ts';
import { isProblem } from '../../file-facts.ts';
import { quote } from '../../quote.ts';
import { isFsblPartition } from '../../roles.ts';
import { at, type Rule } from '../../rule.ts';

export const fsblCopiesDiffer: Rule = {
  id: 'fsbl-copies-differ',
  severity: 'warning',
  title: 'two copies of the FSBL that are not the same',
  why: 'When the ROM falls back to the second copy, another version boots.',
  example: 'fsbl1 new, fsbl2 old',
  fix: 'use one file for both',
  aboutFile: true,
  spoils: 'nothing',
  check: ({ rows, context }) => {
    const first = new Map<string, string>();
    return rows.filter(isProgrammed).flatMap((row) => {
      const facts = row.binary === undefined ? undefined : context.files?.get(row.binary);
      if (!row.ip || !isFsblPartition(row) || !facts || isProblem(facts) || facts.content.kind !== 'stm32') return [];
      const device = `${formatDevice(row.ip)} ${row.name?.startsWith('fsblm') ? 'M' : 'A'}`;
      const content = `${facts.sizeBytes} ${JSON.stringify(facts.content.header)}`;
      if ((first.get(device) ?? content) !== content)
        return [at(row, 'binary', `${quote(row.binary ?? '')} is another FSBL than the first copy`)];
      first.set(device, content);
      return [];
    });
  },
};
