import type { ErrorCode } from '../../base/error-codes.ts';
import { isPhaselineError, PhaselineError } from '../../base/errors.ts';

/** How the port's error codes are written in a trace: as Linux names them, STALL for its EPIPE. */
const STATUS_OF = {
  'usb/stall': 'STALL',
  'usb/timeout': 'ETIMEDOUT',
  'usb/gone': 'ENODEV',
  'usb/io': 'EIO',
  'usb/busy': 'EBUSY',
  'usb/access': 'EACCES',
  'usb/no-bus': 'ENOENT',
  'usb/protocol': 'EPROTO',
} as const satisfies Partial<Record<ErrorCode, string>>;

type PortCode = keyof typeof STATUS_OF;
type Failure = (typeof STATUS_OF)[PortCode];
export type TraceStatus = 'OK' | Failure;

const CODES = Object.keys(STATUS_OF) as PortCode[];
const FAILURES: readonly string[] = Object.values(STATUS_OF);

export function isTraceStatus(value: unknown): value is TraceStatus {
  return value === 'OK' || (typeof value === 'string' && FAILURES.includes(value));
}

/** How a trace writes that failure; a failure that no port should give is an EIO. */
export function statusOf(error: unknown): Failure {
  const code = CODES.find((candidate) => isPhaselineError(error, candidate));
  return code === undefined ? 'EIO' : STATUS_OF[code];
}

/** The failure that a trace holds in that line, with the port's code for it. */
export function failureOf(status: Failure, line: number): PhaselineError {
  const code = CODES.find((candidate) => STATUS_OF[candidate] === status) as PortCode;
  return new PhaselineError(code, `${status} in line ${line} of the trace`, { line });
}
