import type { Rule } from '../rule.ts';
import { deleteWholeDevice } from './opt/delete-whole-device.ts';
import { emptyWithBinary } from './opt/empty-with-binary.ts';
import { envNotErased } from './opt/env-not-erased.ts';
import { eraseOnUnreliableSd } from './opt/erase-on-unreliable-sd.ts';
import { optOrderScript } from './opt/opt-order-script.ts';
import { programmedNone } from './opt/programmed-none.ts';
import { unselectedRowPartialUpdate } from './opt/unselected-row-partial-update.ts';

/** Rules about what is to happen to a partition. */
export const OPT_RULES: readonly Rule[] = [
  programmedNone,
  emptyWithBinary,
  unselectedRowPartialUpdate,
  deleteWholeDevice,
  eraseOnUnreliableSd,
  envNotErased,
  optOrderScript,
];
