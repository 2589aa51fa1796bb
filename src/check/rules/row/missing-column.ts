import { FIELDS } from '../../../layout/row.ts';
import { eachLine } from '../../each.ts';
import { quote } from '../../quote.ts';
import { retabbed } from '../../retab.ts';
import type { Rule } from '../../rule.ts';

export const missingColumn: Rule = {
  id: 'missing-column',
  severity: 'error',
  title: 'a row of fewer than seven columns',
  why: 'ST\'s host tool wants exactly seven; with fewer than six U-Boot answers "no enought column". An empty cell is none: the rest moves to the left.',
  example: 'P<TAB>0x10<TAB>rootfs',
  fix: 'write all seven columns with TABs between them, and none where there is nothing',
  correction: 'puts TABs between seven words that make a row',
  spoils: 'row',
  check: eachLine('row', ({ number, text, cells }) => {
    if (cells.length >= FIELDS.length) return undefined;
    const message = `${cells.length} columns instead of ${FIELDS.length}`;
    const suspect = cells.find((cell) => /\S \S/.test(cell.text));
    if (!suspect) return { message, column: text.length + 1 };
    const { correction } = retabbed(text);
    return {
      message,
      column: suspect.column,
      endColumn: suspect.endColumn,
      help: `${quote(suspect.text)} holds a space: put a TAB there`,
      ...(correction !== undefined && {
        edits: [{ line: number, column: 1, endColumn: text.length + 1, text: correction }],
      }),
    };
  }),
};
