import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

const TOKEN = /%[A-Za-z_][\w-]*%|@@\w+@@|\$\{\w+\}|\$\w+|<[A-Za-z_][\w -]*>/;

export const binaryPlaceholder: Rule = {
  id: 'binary-placeholder',
  severity: 'error',
  title: "a template's token in place of a file",
  why: "Somebody's build was to put the name in; no file is called so.",
  example: '%ATFBIN%',
  fix: "write the file's name",
  check: eachCell('binary', ({ text }) => {
    const token = TOKEN.exec(text)?.[0];
    return token === undefined ? undefined : `${quote(token)} is a token that nobody replaced`;
  }),
};
