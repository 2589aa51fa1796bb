import type { PhaselineError } from '../base/errors.ts';
import type { Connection } from './connection.ts';

/** The way to the board of a session, across a cable that is pulled and put back. */
export interface Link {
  readonly now: Connection;
  /**
   * After a failure that a pulled cable would explain: resolves when the same board, in the same session, is
   * in `now`. Rejects with `failure` itself, or with why the session cannot go on. Asks the board nothing
   * but its descriptors, so that a download may go on behind it.
   */
  rejoin(failure: PhaselineError): Promise<void>;
}

/** What transfers end with when the cable is pulled: some are cut off before the bus knows. */
export const CABLE_OUT = ['usb/gone', 'usb/io'] as const;
