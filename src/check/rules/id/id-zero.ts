import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const idZero: Rule = {
  id: 'id-zero',
  severity: 'error',
  title: 'phase 0x00 as a row',
  why: '0x00 is the FlashLayout itself: "Layout: invalid phase = 0x0", and only after the board has started over.',
  example: '0x00',
  fix: 'number partitions from 0x04',
  check: eachCell('id', ({ text }, { id }) =>
    id === 0 ? `${quote(text)} is the phase of the FlashLayout itself` : undefined,
  ),
};
