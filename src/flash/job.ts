import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { UsbBus } from '../usb/port.ts';
import type { BoardSelector } from './boards.ts';
import type { Connection } from './connection.ts';
import type { Deadlines } from './deadlines.ts';
import type { Emit } from './events.ts';
import type { Journal } from './journal.ts';
import type { Plan } from './plan.ts';

/** One board to be flashed: what to send, where to find the board, and whom to tell. */
export interface FlashJob {
  readonly bus: UsbBus;
  readonly clock: Clock;
  readonly log: Log;
  readonly plan: Plan;
  readonly device: BoardSelector | undefined;
  /** How long to wait for a board to appear at the start. */
  readonly waitMs: number;
  readonly deadlines: Deadlines;
  /** Blocks sent to U-Boot ahead of their answers; DEFAULT_WINDOW when absent, 1 = none. */
  readonly window?: number;
  /** What is done with a board that wants no more phase, before it is detached. */
  readonly atEnd?: AtEnd;
  /** False: a pulled cable ends the job, even where the board keeps its session (`--no-resume`). */
  readonly replug?: boolean;
  /** Kept for a later job to go on with; none when absent. */
  readonly journal?: Journal;
  readonly emit: Emit;
  /** Aborted with a PhaselineError as its reason: the job ends at the next block boundary or wait. */
  readonly signal: AbortSignal;
}

/** Its failure is the job's; the board is detached all the same, unless the link is lost. */
export type AtEnd = (job: FlashJob, board: Connection) => Promise<void>;
