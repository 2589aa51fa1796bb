import { ERROR_CODES, type ErrorCode, type ExitCode } from './error-codes.ts';

/** Facts behind a failure, for machines: shown in `--json` and in the log. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/**
 * The one error class. `message` says what happened and with which value, in one line; advice is
 * written in cli/hints.ts only. Everything else that is thrown is a bug.
 */
export class PhaselineError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'PhaselineError';
    this.code = code;
    this.details = details;
  }

  get exitCode(): ExitCode {
    return ERROR_CODES[this.code].exit;
  }
}

/** True when `error` is a PhaselineError, and if codes are given, carries one of them. */
export function isPhaselineError(error: unknown, ...codes: readonly ErrorCode[]): error is PhaselineError {
  return error instanceof PhaselineError && (codes.length === 0 || codes.includes(error.code));
}
