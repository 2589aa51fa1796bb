import { formatOffset } from '../../../layout/offset.ts';
import { eachCell } from '../../each.ts';
import { isMp1 } from '../../families.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const offsetRamRange: Rule = {
  id: 'offset-ram-range',
  severity: 'warning',
  title: 'an address in front of the memory',
  why: 'DRAM starts at 0xC0000000 on STM32MP1 and at 0x80000000 on STM32MP2; U-Boot refuses what lies in front.',
  example: 'ram0 at 0x00000000',
  fix: 'write an address in DRAM',
  spoils: 'nothing',
  check: eachCell('offset', ({ text }, { ip, offset }, { families }) => {
    const first = isMp1(families) ? 0xc000_0000 : 0x8000_0000;
    return ip?.kind === 'ram' && typeof offset === 'number' && offset < first
      ? `${quote(text)} lies in front of ${formatOffset(first)}`
      : undefined;
  }),
};
