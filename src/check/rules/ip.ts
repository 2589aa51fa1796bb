import type { Rule } from '../rule.ts';
import { ipIndexForFamily } from './ip/ip-index-for-family.ts';
import { ipMissingIndex } from './ip/ip-missing-index.ts';
import { ipMixedBootChain } from './ip/ip-mixed-boot-chain.ts';
import { ipNoneSelected } from './ip/ip-none-selected.ts';
import { ipStorageOnBootRow } from './ip/ip-storage-on-boot-row.ts';
import { ipTwoDigits } from './ip/ip-two-digits.ts';
import { ipUnknown } from './ip/ip-unknown.ts';

/** Rules about the IP column, and rows that lie on a device that does not fit them. */
export const IP_RULES: readonly Rule[] = [
  ipMissingIndex,
  ipTwoDigits,
  ipUnknown,
  ipStorageOnBootRow,
  ipNoneSelected,
  ipIndexForFamily,
  ipMixedBootChain,
];
