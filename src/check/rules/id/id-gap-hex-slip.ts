import { FIRST_USER_ID } from '../../roles.ts';
import { at, type Rule } from '../../rule.ts';

export const idGapHexSlip: Rule = {
  id: 'id-gap-hex-slip',
  severity: 'info',
  title: '0x10 behind 0x09',
  why: 'Mostly somebody counted in decimal; it is legal.',
  example: '0x09, then 0x10',
  fix: '0x0A comes behind 0x09',
  spoils: 'nothing',
  check: ({ rows }) => {
    const ids = new Set(rows.map(({ id }) => id));
    return rows.flatMap((row, index) =>
      row.id === FIRST_USER_ID && rows[index - 1]?.id === 0x09 && ids.has(0x08)
        ? [at(row, 'id', '0x10 comes right behind 0x09')]
        : [],
    );
  },
};
