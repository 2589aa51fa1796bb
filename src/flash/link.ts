import { isPhaselineError, PhaselineError } from '../base/errors.ts';
import { type Connection, takesLayout } from './connection.ts';
import type { FlashJob } from './job.ts';
import { awaitReplug } from './replug.ts';

/** The way to the board of a session, across a cable that is pulled and put back. */
export interface Link {
  readonly now: Connection;
  /**
   * After a failure that a pulled cable would explain: resolves when the same board, in the same session, is
   * in `now`. Rejects with `failure` itself, with why the job is stopped, or with why the session cannot go on. Asks the board nothing
   * but its descriptors, so that a download may go on behind it.
   */
  rejoin(failure: PhaselineError): Promise<void>;
}

/** What transfers end with when the cable is pulled: some are cut off before the bus knows. */
export const CABLE_OUT = ['usb/gone', 'usb/io'] as const;

/** A cable that falls out more often than that is not put back any more. */
const MOST_REJOINS = 16;

/** The link of one session. */
export class BoardLink implements Link {
  /** Undefined until a board is found. */
  connection: Connection | undefined;
  readonly #job: FlashJob;
  readonly #isOurSession: () => boolean;
  #rejoins = 0;

  constructor(job: FlashJob, isOurSession: () => boolean) {
    this.#job = job;
    this.#isOurSession = isOurSession;
  }

  get board(): Connection['board'] | undefined {
    return this.connection?.board;
  }

  get now(): Connection {
    if (!this.connection) throw new PhaselineError('bug/unexpected', 'no board is connected');
    return this.connection;
  }

  /** Only U-Boot's second enumeration keeps what it has across a cable that is out and in (FINDINGS trap 5). */
  async rejoin(failure: PhaselineError): Promise<void> {
    // A bus that was closed under a job which is stopped looks like a pulled cable, and nobody waits for it any more.
    this.#job.signal.throwIfAborted();
    const { board } = this.now;
    const keeps = board.stage === 'uboot' && !takesLayout(board) && this.#isOurSession();
    if (this.#job.replug === false || !keeps || this.#rejoins >= MOST_REJOINS) throw failure;
    this.#rejoins += 1;
    this.connection = await awaitReplug(this.#job, this.now, failure);
  }

  /** Between downloads the same is simply asked again once the cable is back. */
  async overCuts<T>(ask: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (!isPhaselineError(error, ...CABLE_OUT)) throw error;
        await this.rejoin(error);
      }
    }
  }

  async close(): Promise<void> {
    await this.connection?.device.close();
  }
}
