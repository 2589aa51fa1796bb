import type { Field } from '../../../layout/row.ts';
import { quote } from '../../quote.ts';
import { at, type Rule } from '../../rule.ts';

const EXACT: readonly Field[] = ['opt', 'id', 'type', 'ip', 'offset'];

export const spaceInField: Rule = {
  id: 'space-in-field',
  severity: 'error',
  title: 'blanks inside a column',
  why: 'U-Boot compares the whole text between two TABs: "invalid phase value =   0x01", "ip parsing error: \'  none\'".',
  example: '<TAB>  0x01',
  fix: 'delete the blanks',
  check: ({ rows }) =>
    rows.flatMap((row) =>
      EXACT.flatMap((field) => {
        const text = row.cells[field]?.text;
        return text !== undefined && /\s/.test(text) ? [at(row, field, `a blank stands in ${quote(text)}`)] : [];
      }),
    ),
};
