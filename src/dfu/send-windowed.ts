import { BlockQueue } from './block-queue.ts';
import type { BlockReader } from './block-reader.ts';
import type { BlockRun, BlocksSent } from './block-run.ts';

/** Blocks under way at a time unless the caller says otherwise; measured by test/bench/window.ts. */
export const DEFAULT_WINDOW = 16;
/** How long a stream leaves a piece alone that it gave out (base/bytes.ts). */
const LENT_BYTES = 256 * 1024;
/** As many of U-Boot's blocks. */
export const MOST_WINDOW = LENT_BYTES / 4096;

/** The window for blocks of that size: no more under way than a stream leaves alone. */
export function windowFor(blockBytes: number, wanted: number): number {
  return Math.max(1, Math.min(wanted, Math.floor(LENT_BYTES / blockBytes)));
}

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
 * A block is lent to the port until it is acknowledged: `run.window` comes from windowFor.
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
