import type { Rule } from '../../rule.ts';

export const crlfLineEndings: Rule = {
  id: 'crlf-line-endings',
  severity: 'warning',
  title: 'Windows line ends',
  why: 'U-Boot drops the CR, but a host tool on Linux keeps it at the end of the last column and looks for "fip.bin\\r".',
  example: 'fip.bin<CR><LF>',
  fix: 'save with LF only; `*.tsv eol=lf` in .gitattributes keeps it so',
  correction: 'ends every line with LF',
  spoils: 'nothing',
  check: ({ layout }) => {
    const lines = layout.lines.filter(({ ending }) => ending === '\r\n');
    const first = lines[0];
    if (!first) return [];
    const column = first.text.length + 1;
    const edits = lines.map(({ number, text }) => ({
      line: number,
      column: text.length + 1,
      endColumn: text.length + 2,
      text: '',
    }));
    return [
      { line: first.number, column, endColumn: column + 1, message: `${lines.length} lines end with CR LF`, edits },
    ];
  },
};
