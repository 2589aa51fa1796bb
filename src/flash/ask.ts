import { isPhaselineError, PhaselineError } from '../base/errors.ts';
import { getPhase } from '../stm32/get-phase.ts';
import type { PhaseReply } from '../stm32/phases.ts';
import type { Connection } from './connection.ts';
import { WHO } from './layout-line.ts';

/** No ROM is known to need GetPhase: what its virtual alternate answers is unverified (protocol.md §2.3). */
const SILENCE_OF_A_ROM = ['usb/stall', 'dfu/protocol', 'dfu/status', 'board/no-alternate'] as const;

/** GetPhase; `silent` for a ROM that has no sensible answer. Other failures say who did not answer. */
export async function askPhase({ dfu, board }: Connection, timeoutMs: number): Promise<PhaseReply | 'silent'> {
  try {
    return await getPhase(dfu, timeoutMs);
  } catch (error) {
    if (!isPhaselineError(error)) throw error;
    if (board.stage === 'rom' && isPhaselineError(error, ...SILENCE_OF_A_ROM)) return 'silent';
    const text = `${WHO[board.stage]} was asked for its phase: ${error.message}`;
    throw new PhaselineError(error.code, text, { ...error.details, stage: board.stage }, error);
  }
}
