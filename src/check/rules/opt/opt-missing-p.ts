import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const optMissingP: Rule = {
  id: 'opt-missing-p',
  severity: 'error',
  title: 'E or D without P',
  why: 'U-Boot answers "missing \'P\' in option E".',
  example: 'E',
  fix: 'write PE, PD or PED, or - to leave the partition alone',
  check: eachCell('opt', ({ text }) => (/^[ED]+$/.test(text) ? `${quote(text)} lacks the P` : undefined)),
};
