import { eachFileFacts } from '../../each.ts';
import { isProblem } from '../../file-facts.ts';
import type { Rule } from '../../rule.ts';

export const binaryOutside: Rule = {
  id: 'binary-outside',
  severity: 'error',
  title: 'a file outside the folders that were named',
  why: 'A layout from elsewhere could otherwise have any file of this computer written to a board: phaseline neither looks into it nor sends it. Other tools do not mind, so for them it is an info.',
  example: '../../etc/shadow',
  fix: "put the file into the images' folder, or allow it with --allow-outside",
  aboutFile: true,
  check: eachFileFacts((facts, _row, { context }) => {
    if (!isProblem(facts) || facts.problem !== 'outside') return undefined;
    return context.tool === 'phaseline' ? facts.reason : { message: facts.reason, severity: 'info', spoils: 'nothing' };
  }),
};
