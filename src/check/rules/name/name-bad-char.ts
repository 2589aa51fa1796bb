import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const nameBadChar: Rule = {
  id: 'name-bad-char',
  severity: 'error',
  title: 'a name with characters that mean something else',
  why: 'U-Boot builds a shell command from it: ; ends the partition ("GPT partitionning fail", measured), " ends the text, $ is replaced. A comma, = or / passes and confuses tools that look for ids in names.',
  example: 'root;fs',
  fix: 'use letters, digits and _ . + -',
  check: eachCell('name', ({ text }, row) => {
    if (row.ip?.kind === 'none') return undefined;
    const bad = /[;"$\p{Cc}]/u.exec(text)?.[0];
    if (bad !== undefined) return `${quote(bad)} stands in the name ${quote(text)}`;
    const odd = /[^A-Za-z0-9_.+-]/.exec(text)?.[0];
    return odd === undefined
      ? undefined
      : { message: `${quote(odd)} stands in the name ${quote(text)}`, severity: 'warning', spoils: 'nothing' };
  }),
};
