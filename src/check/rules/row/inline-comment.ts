import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const inlineComment: Rule = {
  id: 'inline-comment',
  severity: 'error',
  title: 'a comment behind the data',
  why: "It becomes part of the file's name: # starts a comment only as the first character of a line.",
  example: 'fsbl.stm32 # second copy',
  fix: 'give the comment a line of its own',
  check: eachCell('binary', ({ text, column }) => {
    const index = text.search(/\s#/);
    return index < 0
      ? undefined
      : { message: `${quote(text.slice(index + 1))} is part of the file's name`, column: column + index + 1 };
  }),
};
