import { at, type Rule } from '../../rule.ts';

export const headerWithoutHash: Rule = {
  id: 'header-without-hash',
  severity: 'error',
  title: 'column titles that are no comment',
  why: 'Only # as the first character of a line makes a comment; U-Boot reads this line as a row: "invalid option \'O\' in Opt)".',
  example: 'Opt\tId\tName',
  fix: 'put # in front of the line',
  correction: 'puts # in front',
  spoils: 'file',
  check: ({ layout }) => {
    const row = layout.rows.find(
      // Words, not cells: titles with blanks between them are no row of spaces.
      ({ line }) => /^opt(ion)?\s+id(?!\S)/i.test(layout.lines[line - 1]?.text ?? ''),
    );
    return row
      ? [
          at(row, 'opt', 'the column titles stand in a row instead of a comment', {
            column: 1,
            edits: [{ line: row.line, column: 1, endColumn: 1, text: '#' }],
          }),
        ]
      : [];
  },
};
