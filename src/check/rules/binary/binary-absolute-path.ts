import { eachCell } from '../../each.ts';
import { spoilsName } from '../../file-facts.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const binaryAbsolutePath: Rule = {
  id: 'binary-absolute-path',
  severity: 'warning',
  title: 'a file by its full path',
  why: 'It is there on one computer only.',
  example: '/home/me/fip.bin',
  fix: "write it from the layout's folder on",
  check: eachCell('binary', ({ text }, row, subject) =>
    /^(\/|[A-Za-z]:[\\/])/.test(text)
      ? { message: `${quote(text)} is an absolute path`, spoils: spoilsName(row, subject) }
      : undefined,
  ),
};
