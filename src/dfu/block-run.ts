import type { Clock } from '../base/clock.ts';
import { isPhaselineError, PhaselineError } from '../base/errors.ts';
import { DFU_STATE, DFU_STATUS } from './constants.ts';
import type { OpenDownload } from './interface.ts';
import type { DfuStatus } from './status.ts';

/** Everything that a way of sending blocks needs. */
export interface BlockRun {
  readonly download: OpenDownload;
  readonly clock: Clock;
  readonly firstBlock: number;
  readonly blockMs: number;
  /** The most blocks under way at a time. */
  readonly window: number;
  readonly onTaken: ((block: Uint8Array) => void) | undefined;
  readonly onProgress: ((bytesAcknowledged: number) => void) | undefined;
  readonly signal: AbortSignal | undefined;
}

/** How far it came: the number that the next DNLOAD carries, and the bytes acknowledged. */
export interface BlocksSent {
  readonly nextBlock: number;
  readonly bytes: number;
}

/** wBlockNum has 16 bits and starts again at 0 (FINDINGS §3: 65535 is followed by 0). */
export const BLOCK_NUMBERS = 0x10000;

/** `sent`, and one block of `bytes` more. */
export function oneMore(sent: BlocksSent, bytes: number): BlocksSent {
  return { nextBlock: (sent.nextBlock + 1) % BLOCK_NUMBERS, bytes: sent.bytes + bytes };
}

/** Whether the device has taken the block; how soon it wants to be asked again is another question. */
export function isAcknowledged({ state, status }: DfuStatus): boolean {
  return state === DFU_STATE.dfuDNLOAD_IDLE && status === DFU_STATUS.OK;
}

/** The same failure, with the place where it happened. */
export function atBlock(error: unknown, block: number, bytesAcknowledged: number): unknown {
  if (!isPhaselineError(error)) return error;
  const place = `block ${block}, ${bytesAcknowledged} bytes acknowledged`;
  const details = { ...error.details, block, bytesAcknowledged };
  return new PhaselineError(error.code, `${error.message} (${place})`, details, error);
}
