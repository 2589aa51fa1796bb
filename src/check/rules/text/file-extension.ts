import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const fileExtension: Rule = {
  id: 'file-extension',
  severity: 'info',
  title: 'a file name that does not end in .tsv',
  why: 'create_sdcard_from_flashlayout.sh refuses other extensions.',
  example: 'layout.csv',
  fix: 'rename the file',
  spoils: 'nothing',
  check: ({ layout }) => {
    const extension = /\.[^./\\]+$/.exec(layout.path)?.[0];
    if (extension === undefined || extension === '.tsv') return [];
    return [{ line: 1, column: 1, endColumn: 1, message: `the file's name ends in ${quote(extension)}` }];
  },
};
