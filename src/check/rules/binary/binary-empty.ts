import { eachFile } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const binaryEmpty: Rule = {
  id: 'binary-empty',
  severity: 'error',
  title: 'a file without content',
  why: 'DFU cannot send nothing: the board stalls the request (measured on U-Boot v2026.07).',
  example: 'a file of 0 bytes',
  fix: 'build the file again',
  aboutFile: true,
  check: eachFile(({ content }, { binary }) =>
    content.kind === 'empty' ? `${quote(binary ?? '')} is empty` : undefined,
  ),
};
