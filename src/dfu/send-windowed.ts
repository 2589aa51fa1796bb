import { BlockQueue } from './block-queue.ts';
import type { BlockReader } from './block-reader.ts';
import type { BlockRun, BlocksSent } from './block-run.ts';

/** Blocks under way at a time unless the caller says otherwise; measured by test/bench/window.ts. */
export const DEFAULT_WINDOW = 16;
/** 256 KiB of U-Boot's blocks, which is how long a stream leaves its pieces alone (base/bytes.ts). */
export const MOST_WINDOW = 64;

/** How far the queue came; `unsent` is a block that was read and has to be sent another way. */
export interface WindowedEnd {
  readonly sent: BlocksSent;
  readonly unsent: Uint8Array | undefined;
}

/**
 * Sends `block` and the blocks of `rest` with up to `run.window` under way: DNLOAD n, GETSTATUS n,
 * DNLOAD n+1… are submitted ahead of their answers, so that the device never waits for the host. Only
 * for a device whose poll timeout is 0 and which answers a block only when it is done with it; gives
 * up early, with everything acknowledged, when it names another poll timeout.
 *
 * The first failure ends it: nothing more is submitted, what is under way is waited for (U-Boot
 * stalls it all), and that first failure is thrown. The same for an abort and a stream that fails.
 * A block is lent to the port until it is acknowledged: at most MOST_WINDOW blocks of 4 KiB are, and a
 * stream leaves that much between a piece and its buffer's next use (base/bytes.ts).
 */
export async function sendWindowed(
  run: BlockRun,
  from: BlocksSent,
  block: Uint8Array,
  rest: BlockReader,
): Promise<WindowedEnd> {
  const queue = new BlockQueue(run, from);
  let unsent: Uint8Array | undefined = block;
  try {
    while (unsent) {
      await queue.room();
      if (!queue.steady) break;
      run.signal?.throwIfAborted();
      queue.submit(unsent);
      unsent = rest.ready() ?? (await rest.next());
    }
  } catch (error) {
    const first = queue.failure?.error ?? error;
    await queue.drained();
    throw first;
  }
  const sent = await queue.drained();
  if (queue.failure) throw queue.failure.error;
  return { sent, unsent };
}
