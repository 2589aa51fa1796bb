import type { BlockReader } from './block-reader.ts';
import { atBlock, type BlockRun, type BlocksSent, isAcknowledged, oneMore } from './block-run.ts';
import { DFU_STATE } from './constants.ts';
import { sendWindowed } from './send-windowed.ts';
import { settle } from './settle.ts';
import type { DfuStatus } from './status.ts';

const PASSING = [DFU_STATE.dfuDNLOAD_SYNC, DFU_STATE.dfuDNBUSY];
/** So many blocks in a row have to be answered at once before the next ones are sent ahead of their answers. */
const REGULAR_BLOCKS = 2;

/**
 * Sends `first` and then all blocks of `rest`. One at a time at first: DNLOAD, then GETSTATUS until
 * dfuDNLOAD-IDLE (U-Boot stalls a second DNLOAD without it). A device that answers each block with
 * dfuDNLOAD-IDLE and a poll timeout of 0, as U-Boot does (FINDINGS §3), then gets `window` of them
 * ahead. A failure carries the block's number and the bytes acknowledged before it in its details.
 */
export async function sendBlocks(run: BlockRun, first: Uint8Array, rest: BlockReader): Promise<BlocksSent> {
  let sent: BlocksSent = { nextBlock: run.firstBlock, bytes: 0 };
  let block: Uint8Array | undefined = first;
  let regular = 0;
  while (block) {
    if (run.window > 1 && regular >= REGULAR_BLOCKS) {
      ({ sent, unsent: block } = await sendWindowed(run, sent, block, rest));
      regular = 0;
      continue;
    }
    run.signal?.throwIfAborted();
    const firstAnswer = await sendBlock(run, sent, block);
    regular = isAcknowledged(firstAnswer) && firstAnswer.pollTimeoutMs === 0 ? regular + 1 : 0;
    sent = oneMore(sent, block.length);
    run.onProgress?.(sent.bytes);
    block = rest.ready() ?? (await rest.next());
  }
  return sent;
}

/** Sends one block and waits until it is acknowledged; gives the first status that was read after it. */
async function sendBlock(run: BlockRun, sent: BlocksSent, block: Uint8Array): Promise<DfuStatus> {
  const number = sent.nextBlock;
  try {
    await run.download.dnload(number, block, run.blockMs);
    run.onTaken?.(block);
    const status = await run.download.getStatus(run.blockMs);
    if (!isAcknowledged(status)) {
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
    return status;
  } catch (error) {
    throw atBlock(error, number, sent.bytes);
  }
}
