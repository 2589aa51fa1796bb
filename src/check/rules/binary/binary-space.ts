import { eachCell } from '../../each.ts';
import { spoilsName } from '../../file-facts.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const binarySpace: Rule = {
  id: 'binary-space',
  severity: 'warning',
  title: 'a file name with a blank',
  why: 'create_sdcard_from_flashlayout.sh splits rows at every blank.',
  example: 'my fip.bin',
  fix: 'use - or _ instead',
  check: eachCell('binary', ({ text }, row, subject) =>
    /\s/.test(text) ? { message: `${quote(text)} holds a blank`, spoils: spoilsName(row, subject) } : undefined,
  ),
};
