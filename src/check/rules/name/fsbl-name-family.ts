import { eachCell } from '../../each.ts';
import { isMp1, isMp2 } from '../../families.ts';
import { quote } from '../../quote.ts';
import { isFsblPartition } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

export const fsblNameFamily: Rule = {
  id: 'fsbl-name-family',
  severity: 'warning',
  title: 'an FSBL under a name of the other generation',
  why: "The ROM of STM32MP2 looks for fsbla* and fsblm*, ST's layouts for STM32MP1 have fsbl1 and fsbl2.",
  example: 'fsbl1 on an STM32MP25',
  fix: 'use fsbla1 and fsbla2 on STM32MP2, fsbl1 and fsbl2 on STM32MP1',
  check: eachCell('name', ({ text }, row, { families }) => {
    if (!isFsblPartition(row) || typeof row.offset === 'string') return undefined;
    const isMp2Name = /^fsbl[am]/.test(text);
    if (isMp2(families) && !isMp2Name) return `${quote(text)} is no name of STM32MP2`;
    return isMp1(families) && isMp2Name ? `${quote(text)} is a name of STM32MP2` : undefined;
  }),
};
