import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const optInvalidChar: Rule = {
  id: 'opt-invalid-char',
  severity: 'error',
  title: 'an option that does not exist',
  why: 'U-Boot knows -, P, E and D: "invalid option \'X\' in PX)".',
  example: 'PX',
  fix: 'write -, P, PE, PD or PED',
  check: eachCell('opt', ({ text }, { opt }) => (opt ? undefined : `${quote(text)} is no option`)),
};
