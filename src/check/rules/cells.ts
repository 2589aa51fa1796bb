import type { Rule } from '../rule.ts';
import { idDecimal } from './id/id-decimal.ts';
import { idDecimalAmbiguous } from './id/id-decimal-ambiguous.ts';
import { idOctal } from './id/id-octal.ts';
import { idOutOfRange } from './id/id-out-of-range.ts';
import { idSyntax } from './id/id-syntax.ts';
import { idZero } from './id/id-zero.ts';
import { ipMissingIndex } from './ip/ip-missing-index.ts';
import { ipTwoDigits } from './ip/ip-two-digits.ts';
import { ipUnknown } from './ip/ip-unknown.ts';
import { nameBadChar } from './name/name-bad-char.ts';
import { nameTooLong } from './name/name-too-long.ts';
import { offsetBootpartIndex } from './offset/offset-bootpart-index.ts';
import { offsetNoPrefix } from './offset/offset-no-prefix.ts';
import { offsetNone } from './offset/offset-none.ts';
import { offsetSyntax } from './offset/offset-syntax.ts';
import { offsetUnitSuffix } from './offset/offset-unit-suffix.ts';
import { optInvalidChar } from './opt/opt-invalid-char.ts';
import { optLowerCase } from './opt/opt-lower-case.ts';
import { optMinusCombined } from './opt/opt-minus-combined.ts';
import { optMissingP } from './opt/opt-missing-p.ts';
import { optRepeatedLetter } from './opt/opt-repeated-letter.ts';
import { typeCase } from './type/type-case.ts';
import { typeCopiesSyntax } from './type/type-copies-syntax.ts';
import { typeUnknown } from './type/type-unknown.ts';

/** Rules about one cell on its own: whether U-Boot, and everybody else, can read it. */
export const CELLS_RULES: readonly Rule[] = [
  optMinusCombined,
  optLowerCase,
  optMissingP,
  optInvalidChar,
  optRepeatedLetter,
  idZero,
  idOctal,
  idOutOfRange,
  idDecimalAmbiguous,
  idDecimal,
  idSyntax,
  typeCase,
  typeCopiesSyntax,
  typeUnknown,
  ipMissingIndex,
  ipTwoDigits,
  ipUnknown,
  offsetNone,
  offsetUnitSuffix,
  offsetBootpartIndex,
  offsetSyntax,
  offsetNoPrefix,
  nameTooLong,
  nameBadChar,
];
