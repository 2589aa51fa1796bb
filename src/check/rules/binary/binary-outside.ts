import { eachFileFacts } from '../../each.ts';
import { isProblem } from '../../file-facts.ts';
import type { Rule } from '../../rule.ts';

export const binaryOutside: Rule = {
  id: 'binary-outside',
  severity: 'error',
  title: 'a file outside the folders that were named',
  why: 'A layout from elsewhere could otherwise have any file of this computer written to a board.',
  example: '../../etc/shadow',
  fix: "put the file into the images' folder, or allow it with --allow-outside",
  aboutFile: true,
  check: eachFileFacts((facts) => (isProblem(facts) && facts.problem === 'outside' ? facts.reason : undefined)),
};
