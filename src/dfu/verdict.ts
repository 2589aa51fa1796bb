import { PhaselineError } from '../base/errors.ts';
import { DFU_STATE, DFU_STATUS } from './constants.ts';
import { type DfuStatus, stateName, statusName } from './status.ts';

/**
 * The error behind a status that ends a transfer; undefined for one that does not. A status code
 * other than OK is `dfu/status`. dfuERROR with status OK is `dfu/protocol`: the device took a
 * request for one that its state does not allow (protocol.md §6.1).
 */
export function failureOf(status: DfuStatus, doing: string): PhaselineError | undefined {
  const details = { status: statusName(status.status), state: stateName(status.state) };
  if (status.status !== DFU_STATUS.OK) {
    return new PhaselineError(
      'dfu/status',
      `the board reports ${details.status} in ${details.state} ${doing}`,
      details,
    );
  }
  if (status.state === DFU_STATE.dfuERROR) {
    return new PhaselineError(
      'dfu/protocol',
      `the board took a request for a wrong one ${doing} (dfuERROR, OK)`,
      details,
    );
  }
  return undefined;
}

/** The error for a state that cannot follow the last request. */
export function unexpectedState(status: DfuStatus, doing: string): PhaselineError {
  const state = stateName(status.state);
  return new PhaselineError('dfu/protocol', `the board is in ${state} ${doing}`, { state });
}
