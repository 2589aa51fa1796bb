import { eachCell } from '../../each.ts';
import { isMp1, isMp2 } from '../../families.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const ipIndexForFamily: Rule = {
  id: 'ip-index-for-family',
  severity: 'warning',
  title: "a NOR flash under the other generation's number",
  why: 'ST\'s STM32MP1 boards have nor0, its STM32MP2 boards nor1: "MTD device nor0 not found".',
  example: 'nor0 on an STM32MP25',
  fix: "use nor0 on STM32MP1, nor1 on STM32MP2, unless the board's device tree says otherwise",
  spoils: 'nothing',
  check: eachCell('ip', ({ text }, { ip }, { families }) => {
    if (ip?.kind !== 'nor') return undefined;
    const usual = isMp2(families) ? 1 : isMp1(families) ? 0 : ip.index;
    return ip.index === usual ? undefined : `${quote(text)} is nor${usual} on ST's boards of this family`;
  }),
};
