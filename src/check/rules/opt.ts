import type { Rule } from '../rule.ts';
import { deleteWholeDevice } from './opt/delete-whole-device.ts';
import { emptyWithBinary } from './opt/empty-with-binary.ts';
import { envNotErased } from './opt/env-not-erased.ts';
import { eraseOnUnreliableSd } from './opt/erase-on-unreliable-sd.ts';
import { optInvalidChar } from './opt/opt-invalid-char.ts';
import { optLowerCase } from './opt/opt-lower-case.ts';
import { optMinusCombined } from './opt/opt-minus-combined.ts';
import { optMissingP } from './opt/opt-missing-p.ts';
import { optRepeatedLetter } from './opt/opt-repeated-letter.ts';
import { programmedNone } from './opt/programmed-none.ts';
import { unselectedRowPartialUpdate } from './opt/unselected-row-partial-update.ts';

/** Rules about what is to happen to a partition. */
export const OPT_RULES: readonly Rule[] = [
  optMinusCombined,
  optLowerCase,
  optMissingP,
  optInvalidChar,
  optRepeatedLetter,
  programmedNone,
  emptyWithBinary,
  unselectedRowPartialUpdate,
  deleteWholeDevice,
  eraseOnUnreliableSd,
  envNotErased,
];
