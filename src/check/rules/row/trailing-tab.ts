import { eachLine } from '../../each.ts';
import type { Rule } from '../../rule.ts';

export const trailingTab: Rule = {
  id: 'trailing-tab',
  severity: 'warning',
  title: 'a TAB at the end of a row',
  why: 'U-Boot reading the file itself swallows the first column of the next row, or the row if it is the last (measured on U-Boot v2026.07). Tools that rebuild the layout hide it.',
  example: 'fip.bin<TAB>',
  fix: 'delete the TAB',
  correction: 'deletes the TABs at the end',
  spoils: 'nothing',
  check: eachLine('row', ({ text }) => {
    const column = text.search(/\t+$/) + 1;
    return column === 0 ? undefined : { message: 'the row ends with a TAB', column, correction: '' };
  }),
};
