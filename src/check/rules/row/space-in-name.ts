import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const spaceInName: Rule = {
  id: 'space-in-name',
  severity: 'error',
  title: "a blank in a partition's name",
  why: "U-Boot's parser takes it, but then cuts the name of the alternate setting at the blank: the board comes back without usable ones (measured on U-Boot v2026.07).",
  example: 'fsbl 2',
  fix: 'use - or _ instead',
  check: eachCell('name', ({ text }, row) =>
    /\s/.test(text) && row.ip?.kind !== 'none' ? `a blank stands in the name ${quote(text)}` : undefined,
  ),
};
