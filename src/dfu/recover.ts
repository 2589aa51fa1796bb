import { deadlineIn } from '../base/deadline.ts';
import { PhaselineError } from '../base/errors.ts';
import { DFU_STATE } from './constants.ts';
import type { DfuInterface } from './interface.ts';
import { stateName } from './status.ts';
import { unexpectedState } from './verdict.ts';

const MOST_STEPS = 1_000;
const PAUSE_MS = 10;
/** The last question gets this long, however little of the deadline is left. */
const LAST_ANSWER_MS = 1_000;

/**
 * Brings the DFU state machine to dfuIDLE: CLRSTATUS out of dfuERROR and only there, ABORT out of an
 * unfinished transfer, patience while the device is busy. It does not undo what an interrupted
 * download left behind in U-Boot (FINDINGS trap 5), nor TF-A's write pointer (protocol.md §6.2).
 * Fails with `usb/timeout` after `deadlineMs` and with `dfu/protocol` outside DFU mode.
 */
export async function recoverToIdle(dfu: DfuInterface, deadlineMs: number): Promise<void> {
  const deadline = deadlineIn(dfu.clock, deadlineMs);
  let state: number = DFU_STATE.appIDLE;
  for (let step = 0; step < MOST_STEPS && !deadline.passed(); step += 1) {
    const timeoutMs = Math.max(LAST_ANSWER_MS, deadline.remaining());
    const status = await dfu.getStatus(timeoutMs);
    state = status.state;
    switch (state) {
      case DFU_STATE.dfuIDLE:
        return;
      case DFU_STATE.dfuERROR:
        await dfu.clearStatus(timeoutMs);
        break;
      case DFU_STATE.dfuDNLOAD_IDLE:
      case DFU_STATE.dfuUPLOAD_IDLE:
        await dfu.abort(timeoutMs);
        break;
      case DFU_STATE.dfuDNLOAD_SYNC:
      case DFU_STATE.dfuDNBUSY:
      case DFU_STATE.dfuMANIFEST_SYNC:
      case DFU_STATE.dfuMANIFEST:
        await dfu.clock.sleep(Math.min(deadline.remaining(), Math.max(status.pollTimeoutMs, PAUSE_MS)));
        break;
      default:
        throw unexpectedState(status, 'before a transfer');
    }
  }
  const name = stateName(state);
  throw new PhaselineError('usb/timeout', `the board is still in ${name} after ${deadlineMs / 1000} s`, {
    state: name,
  });
}
