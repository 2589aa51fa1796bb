import type { ErrorCode } from '../base/error-codes.ts';
import { PhaselineError } from '../base/errors.ts';

const MEANING: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  ENOENT: ['files/missing', 'does not exist'],
  ENOTDIR: ['files/missing', 'does not exist'],
  ENAMETOOLONG: ['files/missing', 'does not exist: the name is too long'],
  ERR_INVALID_ARG_VALUE: ['files/missing', 'does not exist: the name has a NUL in it'],
  EACCES: ['files/unreadable', 'cannot be read: permission denied'],
  EPERM: ['files/unreadable', 'cannot be read: permission denied'],
  ELOOP: ['files/unreadable', 'cannot be read: a loop of symbolic links'],
  EMFILE: ['files/unreadable', 'cannot be read: too many open files'],
  EIO: ['files/unreadable', 'cannot be read: input/output error'],
};

// The code that Node gave the error, `ENOENT` for instance.
function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** True when the operating system says that nothing of that name is there. */
export function isMissing(error: unknown): boolean {
  return MEANING[errnoOf(error)]?.[0] === 'files/missing';
}

/** What the operating system said about `path`, as files/missing or files/unreadable. */
export function fileFailure(path: string, error: unknown): PhaselineError {
  const errno = errnoOf(error);
  const [code, what] = MEANING[errno] ?? ['files/unreadable', `cannot be read: ${errno || String(error)}`];
  return new PhaselineError(code, `${printablePath(path)} ${what}`, { path, errno }, error);
}

/** Longer paths exist, and nobody reads them. */
const SHOWN_CHARACTERS = 300;

/** A path for a one-line message: control characters become `?`, and the middle of a very long one `…`. */
export function printablePath(path: string): string {
  const half = SHOWN_CHARACTERS / 2;
  const shown = path.length > SHOWN_CHARACTERS ? `${path.slice(0, half)}…${path.slice(-half)}` : path;
  return shown.replace(/\p{Cc}/gu, '?');
}
