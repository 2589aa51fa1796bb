import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const offsetNoPrefix: Rule = {
  id: 'offset-no-prefix',
  severity: 'error',
  title: 'an offset without 0x',
  why: 'U-Boot reads decimal (before v2023.07 octal after a leading 0), create_sdcard_from_flashlayout.sh reads hex.',
  example: '44400',
  fix: 'write hex with 0x',
  check: eachCell('offset', ({ text }) =>
    /^\d+$/.test(text) && !/^0+$/.test(text) ? `${quote(text)} does not say whether it is decimal or hex` : undefined,
  ),
};
