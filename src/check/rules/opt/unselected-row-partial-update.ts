import { eachRow } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const unselectedRowPartialUpdate: Rule = {
  id: 'unselected-row-partial-update',
  severity: 'warning',
  title: 'a partition that is not selected',
  why: 'One - turns the whole device into a partial update: U-Boot writes no GPT, and every row must match the one on the device in order, address and size.',
  example: '- 0x05 fsbl2 Binary mmc0 0x00044400',
  fix: 'write P, or make sure that the device has this very GPT',
  spoils: 'nothing',
  check: eachRow('opt', (row) =>
    row.ip?.kind === 'mmc' && row.opt?.selected === false && row.type?.kind !== 'RawImage'
      ? `${quote(row.name ?? '')} is not selected: the GPT of the device stays and must match`
      : undefined,
  ),
};
