import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const offsetUnitSuffix: Rule = {
  id: 'offset-unit-suffix',
  severity: 'error',
  title: 'an offset with a unit',
  why: 'U-Boot reads bytes only: "invalid offset \'17K\'" (measured on U-Boot v2026.07).',
  example: '256K',
  fix: 'write bytes in hex: 0x00040000',
  check: eachCell('offset', ({ text }) =>
    /^(0x[0-9a-f]+([KM]i?B?|Gi?B)|\d+[KMG]i?B?)$/i.test(text) ? `${quote(text)} carries a unit` : undefined,
  ),
};
