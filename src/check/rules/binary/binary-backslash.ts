import { eachCell } from '../../each.ts';
import { spoilsName } from '../../file-facts.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const binaryBackslash: Rule = {
  id: 'binary-backslash',
  severity: 'warning',
  title: 'a Windows separator',
  why: 'Only Windows takes \\ for a separator; elsewhere it is a letter of the name.',
  example: 'images\\fip.bin',
  fix: 'write /',
  check: eachCell('binary', ({ text }, row, subject) =>
    text.includes('\\') ? { message: `${quote(text)} has a backslash`, spoils: spoilsName(row, subject) } : undefined,
  ),
};
