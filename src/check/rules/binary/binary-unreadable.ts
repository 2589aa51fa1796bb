import { eachFileFacts } from '../../each.ts';
import { isProblem } from '../../file-facts.ts';
import type { Rule } from '../../rule.ts';

export const binaryUnreadable: Rule = {
  id: 'binary-unreadable',
  severity: 'error',
  title: 'something that cannot be read as a file',
  why: 'A folder, a device, or a file without permission cannot be sent.',
  example: 'images/',
  fix: 'name a regular file that may be read',
  aboutFile: true,
  check: eachFileFacts((facts) => (isProblem(facts) && facts.problem === 'unreadable' ? facts.reason : undefined)),
};
