import type { Rule } from '../../rule.ts';

export const layoutUnreadable: Rule = {
  id: 'layout-unreadable',
  severity: 'error',
  title: 'a layout that cannot be read',
  why: 'It is missing, a folder or device, not permitted, or larger than the MiB up to which phaseline reads; U-Boot takes 256 KiB.',
  example: 'check no-such-file.tsv',
  fix: 'name a text file that may be read',
  spoils: 'file',
  check: ({ layout: { problem } }) =>
    problem === undefined ? [] : [{ line: 1, column: 1, endColumn: 1, message: problem }],
};
