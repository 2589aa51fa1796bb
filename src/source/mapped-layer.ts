import { createHash } from 'node:crypto';
import type { Extent } from '../base/bytes.ts';
import { PhaselineError } from '../base/errors.ts';
import type { Bmap, BmapRange } from '../image/bmap.ts';
import { collected, firstEndingBehind } from './extents.ts';
import { printablePath } from './file-failure.ts';
import type { Layer } from './layer.ts';
import { zeros } from './repeated.ts';

export interface MappedLayer extends Layer {
  readonly size: number;
  readonly mapped: readonly Extent[];
}

interface Names {
  readonly path: string;
  readonly bmapPath: string;
}

/**
 * An image with its bmap: outside of the ranges it reads as zeros, and a stream over all of a range gives the last
 * byte of it only when the checksum is right. Errors: files/format for a range that differs.
 */
export function mappedLayer(below: Layer, bmap: Bmap, names: Names): MappedLayer {
  const size = bmap.imageBytes;
  const stream = (offset = 0, length = size) =>
    mappedPieces(below, bmap, names, offset, Math.min(size, offset + length));
  return {
    size,
    random: below.random,
    mapped: bmap.mapped,
    stream,
    read: (offset, length) => collected(stream(offset, length)),
    close: () => below.close(),
  };
}

async function* mappedPieces(below: Layer, bmap: Bmap, names: Names, start: number, end: number) {
  let at = start;
  for (let index = firstEndingBehind(bmap.ranges, start); index < bmap.ranges.length; index += 1) {
    const range = bmap.ranges[index] as BmapRange;
    if (range.offset >= end) break;
    const to = Math.min(end, range.offset + range.length);
    const from = Math.max(at, range.offset);
    yield* zeros(from - at);
    const isWhole = from === range.offset && to === range.offset + range.length;
    const pieces = below.stream(from, to - from);
    yield* isWhole && range.sum !== undefined ? verified(pieces, range, bmap.hash, names) : pieces;
    at = to;
  }
  yield* zeros(Math.max(0, end - at));
}

async function* verified(
  pieces: AsyncIterable<Uint8Array>,
  { offset, length, sum }: BmapRange,
  hash: string,
  { path, bmapPath }: Names,
) {
  const sums = createHash(hash);
  let left = length;
  for await (const piece of pieces) {
    sums.update(piece);
    left -= piece.length;
    if (left === 0 && sums.digest('hex') !== sum) {
      const place = `${printablePath(path)} differs from ${printablePath(bmapPath)}`;
      const what = `the ${hash} of the bytes from ${offset} to ${offset + length} is another one`;
      throw new PhaselineError('files/format', `${place}: ${what}`, { path, bmapPath, offset, length });
    }
    yield piece;
  }
}
