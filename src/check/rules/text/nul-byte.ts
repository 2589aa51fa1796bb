import type { Rule } from '../../rule.ts';

export const nulByte: Rule = {
  id: 'nul-byte',
  severity: 'error',
  title: 'a NUL byte',
  why: 'U-Boot takes the first NUL for the end of the file; the rows behind it do not exist for it (measured on U-Boot v2026.07).',
  example: 'P<NUL>0x10',
  fix: 'save the file as plain text',
  spoils: 'file',
  check: ({ layout }) => {
    const line = layout.lines.find(({ text }) => text.includes('\0'));
    if (!line) return [];
    const column = line.text.indexOf('\0') + 1;
    return [{ line: line.number, column, endColumn: column + 1, message: 'a NUL byte stands in the text' }];
  },
};
