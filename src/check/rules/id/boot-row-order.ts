import { hexNumber } from '../../../base/sizes.ts';
import { isBootRow } from '../../../layout/phases.ts';
import { at, type Rule } from '../../rule.ts';

export const bootRowOrder: Rule = {
  id: 'boot-row-order',
  severity: 'error',
  title: 'boot stages that are not the first rows',
  why: "ST's host tool takes the first rows for 0x01, 0x02 and 0x03 whatever their ids are; phaseline goes by the id.",
  example: '0x03 in front of 0x01',
  fix: 'put 0x01, 0x02 and 0x03 first, in this order',
  spoils: 'nothing',
  check: (subject) => {
    const { rows, context } = subject;
    if (!subject.knows('id', 'ip')) return [];
    const boot = rows.filter(isBootRow).toSorted((a, b) => (a.id as number) - (b.id as number));
    const index = boot.findIndex((row, place) => rows[place] !== row);
    const row = rows[index];
    if (!row) return [];
    const severity = context.tool === 'phaseline' ? 'info' : 'error';
    return [
      at(row, 'id', `${hexNumber(row.id as number)} stands where ${hexNumber(boot[index]?.id as number)} should`, {
        severity,
      }),
    ];
  },
};
