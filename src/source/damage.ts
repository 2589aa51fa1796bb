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

/** As many names are told when the wanted one is not there. */
const NAMES_TOLD = 5;

/** files/missing: the archive has no member of that name, only others. */
export function noMember(path: string, member: string, names: readonly string[]): PhaselineError {
  const more = names.length > NAMES_TOLD ? ', …' : '';
  const told = names.length === 0 ? '' : ` (it has ${names.slice(0, NAMES_TOLD).map(printablePath).join(', ')}${more})`;
  return new PhaselineError(
    'files/missing',
    `${printablePath(path)}: the archive has no member ${printablePath(member)}${told}`,
    {
      path,
      member,
    },
  );
}
