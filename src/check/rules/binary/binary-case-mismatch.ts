import { eachFileFacts } from '../../each.ts';
import { isProblem, spoilsName } from '../../file-facts.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const binaryCaseMismatch: Rule = {
  id: 'binary-case-mismatch',
  severity: 'warning',
  title: 'a file name in another case',
  why: 'Windows and macOS find it all the same, Linux does not.',
  example: 'FIP.bin where the file is fip.bin',
  fix: 'write the name as the file has it',
  aboutFile: true,
  check: eachFileFacts((facts, row, subject) => {
    if (!isProblem(facts) || facts.otherCase === undefined) return undefined;
    return {
      message: `${quote(row.binary ?? '')} is called ${quote(facts.otherCase)}`,
      spoils: spoilsName(row, subject),
    };
  }),
};
