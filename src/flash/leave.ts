import { recoverToIdle } from '../dfu/recover.ts';
import type { Connection } from './connection.ts';
import type { FlashJob } from './job.ts';
import { resetThroughError } from './reset.ts';

/** Tells U-Boot, out of its second enumeration, to reset the board. The failure before it counts, not what this meets. */
export async function resetAfterFailure({ deadlines, log }: FlashJob, to: Connection): Promise<boolean> {
  try {
    const reset = await resetThroughError(to, deadlines.transferMs.uboot);
    log.info({ reset }, 'the board was told to reset');
    return reset;
  } catch (failure) {
    log.warn({ failure: String(failure) }, 'the board could not be told to reset');
    return false;
  }
}

/** Ends the session of a board on which all was written, after something behind that has failed. */
export async function detachAfterFailure({ deadlines, emit, log }: FlashJob, { dfu }: Connection): Promise<void> {
  const timeoutMs = deadlines.transferMs.uboot;
  try {
    await recoverToIdle(dfu, timeoutMs);
    await dfu.detach(timeoutMs);
    emit({ event: 'detach', stage: 'uboot' });
  } catch (failure) {
    log.warn({ failure: String(failure) }, 'the board could not be detached');
  }
}
