import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const optLowerCase: Rule = {
  id: 'opt-lower-case',
  severity: 'error',
  title: 'an option in lower case',
  why: 'U-Boot compares letters exactly: "invalid option \'p\' in p)".',
  example: 'p',
  fix: 'write P, E and D as capitals',
  correction: 'writes capitals',
  check: eachCell('opt', ({ text }) =>
    /^[PED]*[ped][PEDped]*$/.test(text)
      ? { message: `${quote(text)} is lower case`, correction: text.toUpperCase() }
      : undefined,
  ),
};
