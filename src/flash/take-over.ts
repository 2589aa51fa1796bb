import { deadlineIn } from '../base/deadline.ts';
import { isPhaselineError, PhaselineError } from '../base/errors.ts';
import { type Connection, identify } from './connection.ts';
import { followBoard } from './follow.ts';
import type { FlashJob } from './job.ts';

const PAUSE_MS = 100;

/**
 * STM32MP15: waits until TF-A answers in the USB session that the ROM began; only its product string
 * tells the two apart (protocol.md §1.2, §6.2). A board that leaves the bus instead is followed.
 * Fails with `board/dead` when nobody answers any more, and when the ROM still does.
 */
export async function awaitTakeOver(job: FlashJob, rom: Connection): Promise<Connection> {
  const deadline = deadlineIn(job.clock, job.deadlines.takeOverMs);
  let romAnswered = false;
  while (!deadline.passed()) {
    job.signal.throwIfAborted();
    try {
      const now = await identify(rom.device, job.clock);
      if (now && now.board.stage !== 'rom') return now;
      romAnswered = now !== undefined;
    } catch (error) {
      if (!isPhaselineError(error) || error.code === 'trace/differs') throw error;
      if (error.code === 'usb/gone') {
        return followBoard(job, rom, 'rom-tfa');
      }
      // NAKs, stalls and garbled strings are what a hand-over looks like from outside.
      romAnswered = false;
    }
    await job.clock.sleep(PAUSE_MS);
  }
  const seconds = job.deadlines.takeOverMs / 1000;
  const what = romAnswered ? 'the ROM still answers' : 'nobody answers';
  throw new PhaselineError('board/dead', `the FSBL was taken, and ${what} ${seconds} s later`, { romAnswered });
}
