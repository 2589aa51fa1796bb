import { hexNumber } from '../base/sizes.ts';
import { at, type Rule } from './rule.ts';
import type { Subject } from './subject.ts';

/**
 * Finds that no row has the id of a boot stage that `isNeeded`; the finding stands at the row in whose place it
 * should be. Silent while any id is in doubt.
 */
export function absentBootRow(id: number, isNeeded: (subject: Subject) => boolean): Rule['check'] {
  return (subject) => {
    const { rows } = subject;
    if (!subject.knows('id', 'ip') || rows.some((row) => row.id === id) || !isNeeded(subject)) return [];
    const row = rows.find((other) => (other.id as number) > id) ?? rows.at(-1);
    return row ? [at(row, 'id', `no row has the id ${hexNumber(id)}`)] : [];
  };
}
