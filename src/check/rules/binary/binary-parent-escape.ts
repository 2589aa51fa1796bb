import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const binaryParentEscape: Rule = {
  id: 'binary-parent-escape',
  severity: 'info',
  title: "a file outside the layout's folder",
  why: 'It is there only while the folders around stay as they are; phaseline takes it from inside --images or with --allow-outside.',
  example: '../fip.bin',
  fix: 'put the file beside the layout',
  spoils: 'nothing',
  check: eachCell('binary', ({ text }) =>
    climbsOut(text) ? `${quote(text)} lies outside the layout's folder` : undefined,
  ),
};

/** Whether a relative path leaves the folder that it starts from. */
function climbsOut(path: string): boolean {
  let depth = 0;
  for (const part of /^[\\/]/.test(path) ? [] : path.split(/[\\/]+/)) {
    if (part === '..') depth -= 1;
    else if (part !== '.') depth += 1;
    if (depth < 0) return true;
  }
  return false;
}
