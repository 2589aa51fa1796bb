import type { Writable } from 'node:stream';

/**
 * Writes `packed` into `sink` with back-pressure and ends it. Never rejects: resolves to what went wrong while
 * reading. Whether the sink took it all, only the sink's other end can tell.
 */
export async function feed(packed: AsyncIterable<Uint8Array>, sink: Writable): Promise<unknown> {
  let giveUp: (() => void) | undefined;
  // A sink that is destroyed while it holds a piece back never says what became of it.
  sink.once('close', () => giveUp?.());
  try {
    for await (const piece of packed) {
      // A piece may be overwritten later, so the sink has to be through with it.
      const taken = await new Promise<boolean>((resolve) => {
        giveUp = () => resolve(false);
        if (sink.closed) giveUp();
        else sink.write(piece, (error) => resolve(!error));
      });
      if (!taken) return undefined;
    }
    sink.end();
    return undefined;
  } catch (error) {
    sink.destroy();
    return error;
  }
}
