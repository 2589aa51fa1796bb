import { EXIT } from '../base/error-codes.ts';
import { isPhaselineError, PhaselineError } from '../base/errors.ts';
import { hexNumber } from '../base/sizes.ts';
import type { EventFrame, ResultEvent, SavedPartition } from './events.ts';
import type { FlashRequest } from './flash-board.ts';
import { frameOf } from './frame.ts';
import type { FlashJob } from './job.ts';
import { Ledger } from './ledger.ts';
import { Proving } from './proving.ts';
import { readPartitions } from './reading.ts';
import { Session } from './session.ts';
import { announceVerification, refuseUnverifiable, type Verification, verifyReadback } from './verify.ts';
import { verifyHeads } from './verify-heads.ts';

const PROOF: Readonly<Record<Verification, string>> = {
  none: 'every byte was acknowledged and the board said that it is done',
  readback: 'every byte was acknowledged, the board said that it is done, and what it gave back is equal',
};

/** One way from the ROM to a verdict. */
export interface Attempted {
  /** As it is to be shown, but for `attempts`. */
  readonly result: Omit<ResultEvent, 'attempts'> & EventFrame;
  /** Why it failed. */
  readonly failure: PhaselineError | undefined;
  /** The board it was about; undefined when none was found. */
  readonly board: Session['board'];
}

/**
 * Flashes one board once. Every failure is in the result, with the code of its error, and everything that was
 * not proven counts as failed. All events but the result go to `show`. Never rejects.
 */
export async function flashOnce(request: FlashRequest): Promise<Attempted> {
  const { clock, plan, signal, log, show, verify = 'none', reading } = request;
  const saved: SavedPartition[] = [];
  const startedAt = clock.now();
  const ledger = new Ledger(clock);
  const frame = () => frameOf(clock, session.board);
  const job: FlashJob = {
    ...request,
    emit: (event) => show({ ...frame(), ...event }),
    atEnd: (started, board) =>
      verify === 'readback' ? verifyReadback(started, board, ledger) : verifyHeads(started, board),
    ...(reading && { atEnd: (started, board) => readPartitions(started, board, reading, saved) }),
  };
  const proving = new Proving(job, ledger);
  const session: Session = new Session(job, ledger, proving);
  const cut = cutAtDeadline(request);
  let failure: PhaselineError | undefined;
  try {
    if (verify === 'readback') {
      refuseUnverifiable(plan);
      announceVerification(job);
    }
    await session.run();
  } catch (error) {
    failure = asPhaselineError(signal.aborted ? signal.reason : error);
    log.error({ code: failure.code, details: failure.details, stack: failure.stack }, failure.message);
  } finally {
    cut.stop();
  }
  const phases = [...ledger.results(plan.planned), ...Ledger.earlier(plan.finished)];
  // A board that was further on at the start has not asked for its boot files.
  const storageIds = plan.storagePhases.map((id) => hexNumber(id));
  const unproven = phases.find(({ id, complete }) => !complete && storageIds.includes(id));
  if (!failure && unproven) {
    failure = new PhaselineError('bug/unexpected', `phase ${unproven.id} was not sent, and the session ended well`);
  }
  proving.end(failure);
  const result: Attempted['result'] = {
    ...frame(),
    event: 'result',
    ok: failure === undefined,
    exitCode: failure?.exitCode ?? EXIT.ok,
    code: failure?.code ?? 'ok',
    message: failure?.message ?? (reading ? 'every partition was read to its end and saved' : PROOF[verify]),
    hint: failure ? (request.hint?.(failure) ?? '') : '',
    seconds: (clock.now() - startedAt) / 1000,
    bytes: ledger.bytes,
    phases,
    ...(reading && { saved }),
    verified: failure ? 'none' : verify,
    checked: request.checked,
    ...(session.left !== undefined && { left: session.left }),
  };
  return { result, failure, board: session.board };
}

/** A job that is out of time must not wait for a transfer that may take a minute: its bus is closed under it. */
function cutAtDeadline({ signal, bus, log }: FlashRequest): { stop(): void } {
  const onAbort = () => {
    if (isPhaselineError(signal.reason, 'flash/deadline'))
      bus.close().catch((error) => log.warn({ err: error }, 'the bus did not close'));
  };
  signal.addEventListener('abort', onAbort, { once: true });
  return { stop: () => signal.removeEventListener('abort', onAbort) };
}

function asPhaselineError(error: unknown): PhaselineError {
  if (isPhaselineError(error)) return error;
  return new PhaselineError('bug/unexpected', error instanceof Error ? error.message : String(error), {}, error);
}
