import type { ErrorCode } from '../base/error-codes.ts';
import type { PhaselineError } from '../base/errors.ts';
import type { Scene } from './hints/advice.ts';
import { HINTS } from './hints/table.ts';

/** What to do about a failure, in one line without a full stop. */
export function hintFor({ code, details }: PhaselineError, scene: Scene = {}): string {
  const advice = HINTS[code];
  if (typeof advice === 'string') return advice;
  return advice.known.find(({ holds }) => holds({ details, scene }))?.advice ?? advice.otherwise;
}

/** One piece of advice as docs/errors.md lists it. */
export interface HintRow {
  readonly code: ErrorCode;
  /** The evidence it is given on; undefined for whatever is left. */
  readonly says?: string;
  readonly advice: string;
}

/** Every piece of advice that there is. */
export function hintRows(code: ErrorCode): readonly HintRow[] {
  const advice = HINTS[code];
  if (typeof advice === 'string') return [{ code, advice }];
  return [
    ...advice.known.map(({ says, advice: text }) => ({ code, says, advice: text })),
    { code, advice: advice.otherwise },
  ];
}
