import { deadlineIn } from '../base/deadline.ts';
import { isPhaselineError, PhaselineError } from '../base/errors.ts';
import { getPhase } from '../stm32/get-phase.ts';
import { PHASE, type PhaseReply } from '../stm32/phases.ts';
import { type Connection, identify } from './connection.ts';
import { followBoard } from './follow.ts';
import type { FlashJob } from './job.ts';

const PAUSE_MS = 100;
/** A product string of the ROM is believed for as long; then GetPhase is asked who answers. */
const ROM_STRING_MS = 2_000;

/**
 * STM32MP15: waits until TF-A answers in the USB session that the ROM began. Its product string tells the two
 * apart (protocol.md §1.2, §6.2); up to v2.2 ST's TF-A has that of the ROM, and only what it asks for is different.
 * A board that leaves the bus instead is followed.
 * Fails with `board/dead` when nobody answers any more, and when the ROM still does.
 */
export async function awaitTakeOver(job: FlashJob, rom: Connection): Promise<Connection> {
  const deadline = deadlineIn(job.clock, job.deadlines.takeOverMs);
  const stringDeadline = deadlineIn(job.clock, ROM_STRING_MS);
  let romAnswered = false;
  while (!deadline.passed()) {
    job.signal.throwIfAborted();
    try {
      romAnswered = false;
      const now = await identify(rom.device, job.clock);
      if (now && now.board.stage !== 'rom') return now;
      romAnswered = now !== undefined;
      if (now && stringDeadline.passed() && asksAsTfa(await getPhase(now.dfu, job.deadlines.transferMs.tfa))) {
        return { ...now, board: { ...now.board, stage: 'tfa' } };
      }
    } catch (error) {
      if (!isPhaselineError(error) || error.code === 'trace/differs') throw error;
      if (error.code === 'usb/gone') {
        return followBoard(job, rom, 'rom-tfa');
      }
      // NAKs, stalls and garbled strings are what a hand-over looks like from outside.
    }
    await job.clock.sleep(PAUSE_MS);
  }
  const seconds = job.deadlines.takeOverMs / 1000;
  const what = romAnswered ? 'the ROM still answers' : 'nobody answers';
  throw new PhaselineError('board/dead', `the FSBL was taken, and ${what} ${seconds} s later`, { romAnswered });
}

/** The FlashLayout with a place for it, or the SSBL: what a ROM that was given its FSBL never asks for. */
function asksAsTfa({ phase, address }: PhaseReply): boolean {
  return phase === PHASE.SSBL || (phase === PHASE.FLASHLAYOUT && address !== undefined);
}
