import { createHash } from 'node:crypto';
import type { Bytes, Extent } from '../base/bytes.ts';

/** Where what was read differs from what was sent; `read` is undefined where the board gave nothing more. */
export interface Difference {
  /** In the image, of the first byte that differs. */
  readonly offset: number;
  readonly sent: number;
  readonly read: number | undefined;
}

/** Holds what comes back from a board against the ranges of the image that were sent, in one pass over both. */
export class Comparison {
  readonly #expected: AsyncGenerator<Extent & { readonly data: Uint8Array }>;
  readonly #hash = createHash('sha256');
  #piece: (Extent & { readonly data: Uint8Array }) | undefined;
  #at = 0;

  constructor(image: Bytes, extents: readonly Extent[]) {
    this.#expected = piecesOf(image, extents);
  }

  /** Takes what was read next, from the start of the image on; the first difference, if there is one in it. */
  async take(data: Uint8Array): Promise<Difference | undefined> {
    const start = this.#at;
    const end = start + data.length;
    this.#at = end;
    this.#piece ??= await this.#next();
    while (this.#piece && this.#piece.offset < end) {
      const { offset, length, data: sent } = this.#piece;
      const from = Math.max(offset, start);
      const to = Math.min(offset + length, end);
      const read = data.subarray(from - start, to - start);
      const wrong = firstDifference(sent.subarray(from - offset, to - offset), read);
      if (wrong >= 0) {
        return { offset: from + wrong, sent: sent[from - offset + wrong] as number, read: read[wrong] };
      }
      this.#hash.update(read);
      if (offset + length > end) return undefined;
      this.#piece = await this.#next();
    }
    return undefined;
  }

  /** Nothing more comes: what is missing, or the sha256 of what was read in the ranges. */
  async end(): Promise<Difference | string> {
    this.#piece ??= await this.#next();
    if (!this.#piece) return this.#hash.digest('hex');
    const { offset, data } = this.#piece;
    const missing = Math.max(offset, this.#at);
    return { offset: missing, sent: data[missing - offset] as number, read: undefined };
  }

  /** Lets the image go. */
  async close(): Promise<void> {
    await this.#expected.return(undefined);
  }

  async #next() {
    const { value, done } = await this.#expected.next();
    return done ? undefined : value;
  }
}

async function* piecesOf(image: Bytes, extents: readonly Extent[]) {
  for (const { offset, length } of extents) {
    let at = offset;
    for await (const data of image.stream(offset, length)) {
      yield { offset: at, length: data.length, data };
      at += data.length;
    }
  }
}

/** Words first: a byte by byte look at everything would be slower than the board. */
function firstDifference(a: Uint8Array, b: Uint8Array): number {
  if (Buffer.compare(a, b) === 0) return -1;
  return a.findIndex((byte, index) => byte !== b[index]);
}
