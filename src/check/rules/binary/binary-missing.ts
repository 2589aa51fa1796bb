import { eachFileFacts } from '../../each.ts';
import { isProblem } from '../../file-facts.ts';
import type { Rule } from '../../rule.ts';

export const binaryMissing: Rule = {
  id: 'binary-missing',
  severity: 'error',
  title: 'a file that does not exist',
  why: 'Without it the job would stop in the middle, with the device half written.',
  example: 'fip.bn',
  fix: 'build the file, correct the name, or say with --images where it is',
  aboutFile: true,
  check: eachFileFacts((facts) => (isProblem(facts) && facts.problem === 'missing' ? facts.reason : undefined)),
};
