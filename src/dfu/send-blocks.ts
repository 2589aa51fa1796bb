import type { Clock } from '../base/clock.ts';
import { isPhaselineError, PhaselineError } from '../base/errors.ts';
import type { BlockReader } from './block-reader.ts';
import { DFU_STATE, DFU_STATUS } from './constants.ts';
import type { OpenDownload } from './interface.ts';
import { settle } from './settle.ts';

/** Everything that a way of sending blocks needs. */
export interface BlockRun {
  readonly download: OpenDownload;
  readonly clock: Clock;
  readonly firstBlock: number;
  readonly blockMs: number;
  readonly onProgress: ((bytesAcknowledged: number) => void) | undefined;
  readonly signal: AbortSignal | undefined;
}

/** How far it came: the number that the zero-length DNLOAD carries, and the bytes acknowledged. */
export interface BlocksSent {
  readonly nextBlock: number;
  readonly bytes: number;
}

/** wBlockNum has 16 bits and starts again at 0 (FINDINGS §3: 65535 is followed by 0). */
const BLOCK_NUMBERS = 0x10000;
const PASSING = [DFU_STATE.dfuDNLOAD_SYNC, DFU_STATE.dfuDNBUSY];

/**
 * Sends `first` and then all blocks of `rest`, one at a time: DNLOAD, then GETSTATUS until
 * dfuDNLOAD-IDLE (U-Boot stalls a second DNLOAD without it). A failure carries the block's
 * number and the bytes acknowledged before it in its details.
 */
export async function sendBlocks(run: BlockRun, first: Uint8Array, rest: BlockReader): Promise<BlocksSent> {
  let bytes = 0;
  let number = run.firstBlock;
  for (let block: Uint8Array | undefined = first; block; block = rest.ready() ?? (await rest.next())) {
    run.signal?.throwIfAborted();
    try {
      await run.download.dnload(number, block, run.blockMs);
      const status = await run.download.getStatus(run.blockMs);
      if (status.state !== DFU_STATE.dfuDNLOAD_IDLE || status.status !== DFU_STATUS.OK) {
        await settle({
          clock: run.clock,
          getStatus: run.download.getStatus,
          first: status,
          wanted: DFU_STATE.dfuDNLOAD_IDLE,
          passing: PASSING,
          deadlineMs: run.blockMs,
          doing: `after block ${number}`,
        });
      }
    } catch (error) {
      throw atBlock(error, number, bytes);
    }
    bytes += block.length;
    number = (number + 1) % BLOCK_NUMBERS;
    run.onProgress?.(bytes);
  }
  return { nextBlock: number, bytes };
}

/** The same failure, with the place where it happened. */
export function atBlock(error: unknown, block: number, bytesAcknowledged: number): unknown {
  if (!isPhaselineError(error)) return error;
  const place = `block ${block}, ${bytesAcknowledged} bytes acknowledged`;
  const details = { ...error.details, block, bytesAcknowledged };
  return new PhaselineError(error.code, `${error.message} (${place})`, details, error);
}
