import type { Rule } from '../rule.ts';
import { ipBoardMmc } from './ip/ip-board-mmc.ts';
import { ipIndexForFamily } from './ip/ip-index-for-family.ts';
import { ipMixedBootChain } from './ip/ip-mixed-boot-chain.ts';
import { ipNoneSelected } from './ip/ip-none-selected.ts';
import { ipNotOnBoard } from './ip/ip-not-on-board.ts';
import { ipStorageOnBootRow } from './ip/ip-storage-on-boot-row.ts';

/** Rules about devices that do not fit the row. */
export const IP_RULES: readonly Rule[] = [
  ipStorageOnBootRow,
  ipNoneSelected,
  ipNotOnBoard,
  ipIndexForFamily,
  ipBoardMmc,
  ipMixedBootChain,
];
