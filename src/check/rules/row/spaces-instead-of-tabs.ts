import { eachLine } from '../../each.ts';
import type { Rule } from '../../rule.ts';

export const spacesInsteadOfTabs: Rule = {
  id: 'spaces-instead-of-tabs',
  severity: 'error',
  title: 'spaces between the columns',
  why: "Only TABs separate columns, for U-Boot as for ST's host tools: \"invalid option ' ' in P 0x05 …\".",
  example: 'P 0x05 fsbl2 Binary mmc0 0x44400 fsbl.stm32',
  fix: 'put TABs between the columns',
  spoils: 'row',
  check: eachLine('row', ({ text }) => {
    const words = text.trim().split(/ +/).length;
    return !text.includes('\t') && words >= 6 ? `${words} words and no TAB between them` : undefined;
  }),
};
