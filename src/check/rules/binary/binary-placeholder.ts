import { eachCell } from '../../each.ts';
import { placeholderIn } from '../../placeholders.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const binaryPlaceholder: Rule = {
  id: 'binary-placeholder',
  severity: 'error',
  title: "a template's token in place of a file",
  why: "Somebody's build was to put the name in; no file is called so.",
  example: '%ATFBIN%',
  fix: "write the file's name, or check it with --profile template",
  check: eachCell('binary', ({ text }) => {
    const token = placeholderIn(text);
    return token === undefined ? undefined : `${quote(token)} is a token that nobody replaced`;
  }),
};
