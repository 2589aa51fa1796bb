import { isPhaselineError, PhaselineError } from '../base/errors.ts';
import type { Connection } from './connection.ts';
import { followBoard } from './follow.ts';
import type { FlashJob } from './job.ts';

/** A transfer that is cut off comes before the bus knows that the device has left; longer than that it is there. */
const NOTICED_MS = 2_000;

/**
 * Waits until the board of `old`, whose cable was pulled, is back with its session as it was: same serial
 * number, same alternate settings, on its port first. U-Boot keeps a download that was cut off, and goes on
 * with it if nothing but standard requests came in between (FINDINGS traps 1 and 5); so nothing else is sent.
 *
 * Rejects with the code of `failure` when the board does not come back, with `board/other-device` when
 * another one is on its port, and with `board/restarted` when the session is no longer there.
 */
export async function awaitReplug(job: FlashJob, old: Connection, failure: PhaselineError): Promise<Connection> {
  const seconds = job.deadlines.comeBackMs.replug / 1000;
  const { serial } = old.board;
  if (serial === undefined) throw failure;
  const message = `the cable is out (${failure.message}): waiting up to ${seconds} s for the board`;
  job.emit({ event: 'warning', about: 'replug', message });
  const leaveMs = Math.min(NOTICED_MS, job.deadlines.leaveMs);
  const named: FlashJob = { ...job, device: { by: 'serial', serial }, deadlines: { ...job.deadlines, leaveMs } };
  const back = await followBoard(named, old, 'replug').catch((error: unknown) => {
    if (!isPhaselineError(error, 'board/lost')) throw withFirst(error, failure);
    const text = `${failure.message}; ${error.message}`;
    throw new PhaselineError(failure.code, text, { ...failure.details, ...error.details }, failure);
  });
  const difference = differenceOf(old, back);
  if (difference === undefined) {
    job.emit({ event: 'warning', about: 'replug', message: 'the board is back, with its session: the job goes on' });
    return back;
  }
  await back.device.close();
  throw new PhaselineError('board/restarted', `${failure.message}; ${difference}`, failure.details, failure);
}

/** Why a board that came back is not where it was; undefined when it is. */
function differenceOf({ board: old }: Connection, { board: now }: Connection): string | undefined {
  if (now.stage !== old.stage)
    return `the board came back in its ${now.stage} stage: it was reset, or it has lost its power`;
  const [were, are] = [old, now].map(({ alternates }) => alternates.map(({ name }) => name).join());
  return were === are ? undefined : 'the board came back with other alternate settings';
}

function withFirst(error: unknown, failure: PhaselineError): unknown {
  if (!isPhaselineError(error)) return error;
  return new PhaselineError(error.code, `${failure.message}; ${error.message}`, error.details, failure);
}
