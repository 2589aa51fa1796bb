import type { Clock } from '../base/clock.ts';
import { PhaselineError } from '../base/errors.ts';
import { type DfuStatus, stateName } from './status.ts';
import { failureOf, unexpectedState } from './verdict.ts';

/** What a wait for a state is: how to ask, which states end it, and which ones mean "not yet". */
export interface Settling {
  readonly clock: Clock;
  readonly getStatus: (timeoutMs: number) => Promise<DfuStatus>;
  readonly wanted: number;
  readonly passing: readonly number[];
  /** For all questions together, from now. */
  readonly deadlineMs: number;
  /** For messages: `after block 7`. */
  readonly doing: string;
  /** An answer that is there already, in place of the first question. */
  readonly first?: DfuStatus;
}

/** With the growing pause below, hours; it only ends a loop whose clock stands still. */
const MOST_POLLS = 100_000;
/** The longest pause between two questions to a device that names no poll timeout itself. */
const OWN_PAUSE_MS = 50;
/** The last question gets this long, however little of the deadline is left. */
const LAST_ANSWER_MS = 1_000;

/**
 * Asks GETSTATUS until the device is in `wanted`. The device's 24-bit poll timeout (up to 4.6 hours)
 * is honoured as far as the deadline allows: one that reaches beyond it is cut to what is left, and
 * the device is asked once more at the end.
 *
 * STM32 U-Boot always gives 0 and answers late instead (FINDINGS §3); then the second question
 * follows at once (TF-A says dfuDNLOAD-SYNC first, protocol.md §6.2), later ones after 1, 2, 4… ms.
 */
export async function settle(wait: Settling): Promise<DfuStatus> {
  const endsAt = wait.clock.now() + wait.deadlineMs;
  let left = wait.deadlineMs;
  for (let poll = 0; poll < MOST_POLLS; poll += 1) {
    const status = (poll === 0 && wait.first) || (await wait.getStatus(Math.max(LAST_ANSWER_MS, left)));
    const failure = failureOf(status, wait.doing);
    if (failure) throw failure;
    if (status.state === wait.wanted) return status;
    if (!wait.passing.includes(status.state)) throw unexpectedState(status, wait.doing);
    left = endsAt - wait.clock.now();
    if (left <= 0) throw late(wait, status);
    const pause = Math.min(left, Math.max(status.pollTimeoutMs, ownPause(poll)));
    if (pause > 0) await wait.clock.sleep(pause);
    left = endsAt - wait.clock.now();
  }
  throw new PhaselineError('bug/unexpected', `${MOST_POLLS} status requests without an end`);
}

function ownPause(poll: number): number {
  return poll === 0 ? 0 : Math.min(OWN_PAUSE_MS, 2 ** (poll - 1));
}

function late(wait: Settling, status: DfuStatus): PhaselineError {
  const state = stateName(status.state);
  const seconds = wait.deadlineMs / 1000;
  return new PhaselineError('usb/timeout', `the board is still in ${state} ${wait.doing} after ${seconds} s`, {
    state,
  });
}
