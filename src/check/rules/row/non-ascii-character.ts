import { FIELDS } from '../../../layout/row.ts';
import { quote } from '../../quote.ts';
import { at, type Rule } from '../../rule.ts';

export const nonAsciiCharacter: Rule = {
  id: 'non-ascii-character',
  severity: 'error',
  title: 'a character beyond ASCII in the first six columns',
  why: 'Mostly a blank or a dash pasted from a web page; U-Boot compares bytes and refuses.',
  example: 'a no-break space in front of 0x05',
  fix: 'type the character anew',
  check: ({ rows }) =>
    rows.flatMap((row) =>
      FIELDS.slice(0, -1).flatMap((field) => {
        const cell = row.cells[field];
        const index = cell?.text.search(/[^\p{ASCII}]/u) ?? -1;
        if (!cell || index < 0) return [];
        const column = cell.column + index;
        const code = cell.text.codePointAt(index)?.toString(16).toUpperCase().padStart(4, '0');
        return [at(row, field, `U+${code} stands in ${quote(cell.text)}`, { column, endColumn: column + 1 })];
      }),
    ),
};
