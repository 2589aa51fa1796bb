import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const optMinusCombined: Rule = {
  id: 'opt-minus-combined',
  severity: 'error',
  title: '- together with letters',
  why: 'U-Boot knows - only alone: "invalid option \'-\' in -P)".',
  example: '-P',
  fix: 'write - to leave the partition alone, or the letters only',
  check: eachCell('opt', ({ text }) =>
    /^[-PEDped]{2,}$/.test(text) && text.includes('-') ? `${quote(text)} joins - and letters` : undefined,
  ),
};
