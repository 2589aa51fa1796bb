import type { PhaselineError } from '../base/errors.ts';
import { flashOnce } from './attempt.ts';
import type { AttemptResult, FramedEvent, ResultEvent } from './events.ts';
import { frameOf } from './frame.ts';
import type { FlashJob } from './job.ts';
import type { Reading } from './reading.ts';
import { mayRetry, readyToRetry } from './retry.ts';
import { stallAlarm } from './stall.ts';
import type { Verification } from './verify.ts';

/** A job as its caller gives it: events come out framed, and advice is the caller's to give. */
export interface FlashRequest extends Omit<FlashJob, 'emit' | 'atEnd'> {
  readonly show: (event: FramedEvent) => void;
  /** Fills `hint` of the result. */
  readonly hint?: (failure: PhaselineError) => string;
  /** False when the layout and its files were not checked before (`--no-check`). */
  readonly checked: boolean;
  /** `none` when absent. */
  readonly verify?: Verification;
  /** How often a job that failed starts over from the ROM (`--retries`); 0 when absent. */
  readonly retries?: number;
  /** Partitions to be saved, for a plan that writes nothing. */
  readonly reading?: Reading;
}

/**
 * Flashes one board and says what became of it. Every failure is in the result, with the code of
 * its error, and everything that was not proven counts as failed. All events go to `show`, the result
 * as the last one. Rejects only with `bug/unexpected`, after the result was shown.
 */
export async function flashBoard(request: FlashRequest): Promise<ResultEvent> {
  const { clock, retries = 0 } = request;
  const startedAt = clock.now();
  const alarm = stallAlarm(request);
  const attempts: AttemptResult[] = [];
  let { device } = request;
  try {
    for (;;) {
      const since = clock.now();
      const { result, failure, board } = await flashOnce({ ...request, device, show: alarm.show });
      const { ok, code, message, bytes } = result;
      attempts.push({ code, message, bytes, seconds: (clock.now() - since) / 1000 });
      if (attempts.length <= retries && board && mayRetry(failure)) {
        const count = { number: attempts.length, of: retries + 1 };
        alarm.show({ ...frameOf(clock, result), event: 'attempt', ...count, ok, code, message, bytes });
        device = await readyToRetry(request, board, alarm.show);
        if (device) continue;
      }
      const final: FramedEvent & ResultEvent = { ...result, seconds: (clock.now() - startedAt) / 1000, attempts };
      alarm.show(final);
      if (code === 'bug/unexpected') throw failure; // its stack is for whoever can report it
      return final;
    }
  } finally {
    alarm.stop();
  }
}
