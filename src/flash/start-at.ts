import { isPhaselineError, PhaselineError } from '../base/errors.ts';
import { hexNumber } from '../base/sizes.ts';
import { getPhase, setPhase } from '../stm32/get-phase.ts';
import { PHASE, type PhaseRequest } from '../stm32/phases.ts';
import type { Connection } from './connection.ts';
import type { FlashJob } from './job.ts';

/**
 * Sends U-Boot to a phase and an offset in it. Its first request may wait for what was written before.
 * Fails with `dfu/status` when U-Boot has no such phase, and with what the port fails with.
 */
export async function setOffset({ deadlines }: FlashJob, { dfu }: Connection, request: PhaseRequest): Promise<void> {
  const { uboot } = deadlines.manifestMs;
  const send = () => setPhase(dfu, request, { blockMs: uboot, manifestMs: uboot });
  await send().catch((error: unknown) => {
    // What a cut cable left of an earlier one is in the way once: this one is refused, and clears it (FINDINGS trap 5c).
    if (isPhaselineError(error, 'dfu/status')) return send();
    throw error;
  });
}

/**
 * `setOffset`, and the proof by GetPhase that the next block goes there: else it would land in another
 * place or partition, and be acknowledged all the same (FINDINGS traps 3 and 6). Fails with
 * `board/unexpected-phase`, and with `board/error` when U-Boot reports one.
 */
export async function startAt(job: FlashJob, to: Connection, request: PhaseRequest): Promise<void> {
  await setOffset(job, to, request);
  const { phase, offset, text } = await getPhase(to.dfu, job.deadlines.transferMs.uboot);
  if (phase === request.phase && offset === request.offset) return;
  if (phase === PHASE.ERROR) throw new PhaselineError('board/error', `U-Boot reports an error: ${text}`, { text });
  const wanted = `phase ${hexNumber(request.phase)} at offset ${request.offset}`;
  throw new PhaselineError(
    'board/unexpected-phase',
    `U-Boot was sent to ${wanted} and is in ${hexNumber(phase)} at ${offset}`,
  );
}
