import type { Bytes, Extent } from '../../src/base/bytes.ts';
import { makePattern } from '../image/make.ts';

const PIECE_BYTES = 64 * 1024;

/** A piece of an image: what lies at an offset. */
export interface Piece {
  readonly offset: number;
  readonly data: Uint8Array;
}

/** Pieces with bytes of their own in each of these ranges. */
export function patternsIn(extents: readonly Extent[], seed = 1): readonly Piece[] {
  return extents.map(({ offset, length }, index) => ({ offset, data: makePattern(length, seed + index) }));
}

/** An image that holds these pieces (ascending, apart from each other) and says so; zeros elsewhere. Of any size. */
export function sparseBytes(size: number, pieces: readonly Piece[]): Bytes {
  const read = (offset: number, length: number): Uint8Array => {
    const out = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
    for (const piece of pieces) {
      const from = Math.max(offset, piece.offset);
      const to = Math.min(offset + out.length, piece.offset + piece.data.length);
      if (from < to) out.set(piece.data.subarray(from - piece.offset, to - piece.offset), from - offset);
    }
    return out;
  };
  return {
    size,
    mapped: pieces.map(({ offset, data }) => ({ offset, length: data.length })),
    read: async (offset, length) => read(offset, length),
    async *stream(offset = 0, length = size - offset) {
      for (let at = offset; at < offset + length; at += PIECE_BYTES) {
        yield read(at, Math.min(PIECE_BYTES, offset + length - at));
      }
    },
  };
}
