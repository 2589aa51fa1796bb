import type { Device } from '../../../layout/device.ts';
import { isEmmc } from '../../../layout/usable-area.ts';
import { eachCell } from '../../each.ts';
import { liesBelow } from '../../places.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const offsetBelowGpt: Rule = {
  id: 'offset-below-gpt',
  severity: 'error',
  title: 'a partition inside the GPT',
  why: 'The partition table takes the first 34 sectors: "invalid address 0x4000 (min=0x4400)".',
  example: '0x4000 on mmc0',
  fix: 'start at 0x4400',
  check: eachCell('offset', ({ text }, row, { known }) =>
    liesBelow(row, known) && !isEmmc(row.ip as Device, known) ? `${quote(text)} lies inside the GPT` : undefined,
  ),
};
