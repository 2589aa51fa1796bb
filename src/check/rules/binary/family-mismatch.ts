import { eachCell } from '../../each.ts';
import { familiesNamed } from '../../families.ts';
import { quote } from '../../quote.ts';
import { wantsFip, wantsStm32Image } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

export const familyMismatch: Rule = {
  id: 'family-mismatch',
  severity: 'error',
  title: 'a file named after another family',
  why: 'Boot images of one family do not start on another.',
  example: 'tf-a-stm32mp135f-dk.stm32 with --family mp15',
  fix: 'use the files of the family, or name the family that the board has',
  check: eachCell('binary', ({ text }, row, { context }) => {
    const family = context.family ?? context.board?.family;
    if (!family || !(wantsStm32Image(row) || wantsFip(row))) return undefined;
    const named = familiesNamed(text.split(/[\\/]/).at(-1) ?? '');
    return named.length === 0 || named.includes(family)
      ? undefined
      : `${quote(text)} is named after ${named.join(', ')}, the board is ${family}`;
  }),
};
