import type { Rule } from '../../rule.ts';

export const bom: Rule = {
  id: 'bom',
  severity: 'warning',
  title: 'a byte order mark at the start',
  why: 'To U-Boot and to ST\'s host tools the first line then no longer starts with #, so the header becomes a row: "Layout line 1: invalid option". UTF-16 is no text to them at all.',
  example: 'EF BB BF #Opt',
  fix: 'save the file as UTF-8 without a byte order mark',
  correction: 'takes the mark of UTF-8 away',
  spoils: 'nothing',
  check: ({ layout }) => {
    const place = { line: 1, column: 1, endColumn: 1 };
    if (layout.bom !== '') {
      const edits = [{ line: 1, column: 1 - layout.bom.length, endColumn: 1, text: '' }];
      return [{ ...place, message: 'the file starts with a UTF-8 byte order mark', edits }];
    }
    if (!layout.lines[0]?.text.startsWith('\uFFFD\uFFFD')) return [];
    return [
      { ...place, severity: 'error', spoils: 'file', message: 'the file starts with FF FE or FE FF: it is UTF-16' },
    ];
  },
};
