import { PhaselineError } from '../base/errors.ts';
import { printable } from '../base/printable.ts';
import { hintFor } from './hints.ts';

/** Any thrown thing as a PhaselineError; what is none already is a bug of ours. */
export function asFailure(error: unknown): PhaselineError {
  if (error instanceof PhaselineError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new PhaselineError('bug/unexpected', message, {}, error);
}

/** The one line that a person sees; a bug adds its stack. */
export function failureText(error: PhaselineError): string {
  const line = `error: ${printable(error.message)}. ${hintFor(error)}. [${error.code}]\n`;
  if (error.code !== 'bug/unexpected') return line;
  const stack = error.cause instanceof Error ? error.cause.stack : error.stack;
  return `${line}${stack ?? ''}\n`;
}
