import { eachLine } from '../../each.ts';
import { retabbed } from '../../retab.ts';
import type { Rule } from '../../rule.ts';

export const spacesInsteadOfTabs: Rule = {
  id: 'spaces-instead-of-tabs',
  severity: 'error',
  title: 'spaces between the columns',
  why: "Only TABs separate columns, for U-Boot as for ST's host tools: \"invalid option ' ' in P 0x05 …\".",
  example: 'P 0x05 fsbl2 Binary mmc0 0x44400 fsbl.stm32',
  fix: 'put TABs between the columns',
  correction: 'puts TABs between seven words that make a row',
  spoils: 'row',
  check: eachLine('row', ({ text }) => {
    const words = text.trim().split(/ +/).length;
    if (text.includes('\t') || words < 6) return undefined;
    return { message: `${words} words and no TAB between them`, ...retabbed(text) };
  }),
};
