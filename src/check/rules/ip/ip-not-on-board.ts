import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const ipNotOnBoard: Rule = {
  id: 'ip-not-on-board',
  severity: 'warning',
  title: 'a device that the board has not',
  why: 'U-Boot answers "mmc device 1 not found". Only with --board is it known what there is.',
  example: 'mmc1 with --board stm32mp157c-dk2',
  fix: 'use a device of the board',
  check: eachCell('ip', ({ text }, { ip }, { context: { board } }) => {
    if (!board || !ip || ip.kind === 'none' || ip.kind === 'ram' || text in board.devices) return undefined;
    return `${board.name} has no ${quote(text)}`;
  }),
};
