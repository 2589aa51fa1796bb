import { PhaselineError } from '../base/errors.ts';

/** What a number on the command line has to be. */
export interface NumberRange {
  /** For the message: `number of seconds`. */
  readonly what: string;
  readonly least: number;
  readonly most: number;
  readonly whole?: true;
}

/**
 * An option with a number in a range. yargs itself would make NaN of a word that is none, and the word is what
 * its user has to see. Errors: usage/arguments, which names the flag, the word and the range.
 */
export function numberOption(flag: string, range: NumberRange) {
  return { type: 'string', requiresArg: true, coerce: (text: string | number) => numberIn(flag, text, range) } as const;
}

function numberIn(flag: string, text: string | number, { what, least, most, whole }: NumberRange): number {
  const value = /^\s*$/.test(String(text)) ? Number.NaN : Number(text);
  if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
  throw new PhaselineError('usage/arguments', `${flag} ${text} is not a ${what} from ${least} to ${most}`);
}
