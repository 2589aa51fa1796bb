import { eachLine } from '../../each.ts';
import type { Rule } from '../../rule.ts';

export const indentedComment: Rule = {
  id: 'indented-comment',
  severity: 'error',
  title: 'a comment that does not start the line',
  why: "U-Boot and ST's host tools know # only as the first character; elsewhere it is data: \"invalid option ' '\".",
  example: '    #Opt Id Name',
  fix: 'put # in the first column',
  spoils: 'row',
  check: eachLine('row', ({ text }) => (/^\s+#/.test(text) ? 'blanks stand in front of the #' : undefined)),
};
