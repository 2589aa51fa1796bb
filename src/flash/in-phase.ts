import { isPhaselineError, PhaselineError } from '../base/errors.ts';
import { hexNumber } from '../base/sizes.ts';
import { PHASE } from '../stm32/phases.ts';
import type { PlannedFile } from './plan.ts';

/** Says in which phase it happened; a status error while the ROM takes the FSBL is its refusal. */
export function inPhase(error: unknown, file: PlannedFile, stage: string, doing = ''): unknown {
  if (!isPhaselineError(error) || error.exitCode < 5) return error;
  const place = `phase ${hexNumber(file.id)} ${file.name} (${file.file})${doing}`;
  const details = { ...error.details, stage, phase: file.id, file: file.file };
  if (stage === 'rom' && file.id === PHASE.FSBL && error.code === 'dfu/status') {
    return new PhaselineError(
      'board/fsbl-refused',
      `the ROM refused the FSBL ${file.file}: ${error.message}`,
      details,
      error,
    );
  }
  return new PhaselineError(error.code, `${place}: ${error.message}`, details, error);
}
