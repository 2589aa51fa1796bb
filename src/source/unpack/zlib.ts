import type { Transform } from 'node:stream';
import { createGunzip, createInflateRaw } from 'node:zlib';
import { damaged } from '../damage.ts';
import { feed } from './feed.ts';
import type { Unpack } from './unpack.ts';

/** Larger ones leave 40 MB more behind before they are collected. */
const CHUNK_BYTES = 64 * 1024;

type Engine = Transform & { readonly bytesWritten: number };

/** gzip (RFC 1952): all members, and zeros behind the last one. */
export const unpackGzip: Unpack = throughEngine('gzip', () => createGunzip({ chunkSize: CHUNK_BYTES }));

/** deflate without any frame (RFC 1951), as in a zip. */
export const unpackDeflate: Unpack = throughEngine('deflate', () => createInflateRaw({ chunkSize: CHUNK_BYTES }));

function throughEngine(format: string, make: () => Engine): Unpack {
  return async function* unpack(packed, { path, signal }) {
    const engine = make();
    const input = { bytes: 0, lastUsed: -1 };
    const fed = feed(watched(packed, input), engine);
    const stop = () => engine.destroy();
    signal.addEventListener('abort', stop, { once: true });
    try {
      for await (const piece of engine) yield piece;
      if (input.lastUsed >= engine.bytesWritten) throw new Error('something else follows it');
    } catch (error) {
      engine.destroy();
      throw (await fed) ?? damaged(path, format, reasonOf(error), error);
    } finally {
      signal.removeEventListener('abort', stop);
      engine.destroy();
      await fed;
    }
  };
}

/** Notes where the last byte that is not zero stands. */
async function* watched(packed: AsyncIterable<Uint8Array>, input: { bytes: number; lastUsed: number }) {
  for await (const piece of packed) {
    const last = piece.findLastIndex((byte) => byte !== 0);
    if (last >= 0) input.lastUsed = input.bytes + last;
    input.bytes += piece.length;
    yield piece;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
