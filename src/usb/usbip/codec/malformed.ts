import { type ErrorDetails, PhaselineError } from '../../../base/errors.ts';

/** The other side sent what USB/IP does not allow: always usb/protocol. */
export function malformed(what: string, details: ErrorDetails = {}): PhaselineError {
  return new PhaselineError('usb/protocol', `USB/IP: ${what}`, details);
}
