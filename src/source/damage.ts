import { PhaselineError } from '../base/errors.ts';
import { printablePath } from './file-failure.ts';

/** files/format: the content of `path` breaks the rules of `format`; `reason` is one line. */
export function damaged(path: string, format: string, reason: string, cause?: unknown): PhaselineError {
  return new PhaselineError(
    'files/format',
    `${printablePath(path)}: the ${format} data is damaged: ${reason}`,
    {
      path,
      format,
      reason,
    },
    cause,
  );
}
