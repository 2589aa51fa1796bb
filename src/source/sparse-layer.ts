import { crc32 } from 'node:zlib';
import type { Extent } from '../base/bytes.ts';
import { mappedBy, type SparseChunk, type SparseIndex } from '../image/sparse-chunks.ts';
import { damaged } from './damage.ts';
import { collected, firstEndingBehind } from './extents.ts';
import type { Layer } from './layer.ts';
import { repeatedBytes, zeros } from './repeated.ts';

/** What an Android sparse image expands to; blocks that nobody cares for read as zeros. */
export interface SparseLayer extends Layer {
  readonly size: number;
  readonly mapped: readonly Extent[];
}

export function sparseLayer(below: Layer, { chunks, expandedBytes }: SparseIndex): SparseLayer {
  const stream = (offset = 0, length = expandedBytes) =>
    expanded(below, chunks, offset, Math.min(expandedBytes, offset + length));
  return {
    size: expandedBytes,
    random: below.random,
    mapped: mappedBy(chunks),
    stream,
    read: (offset, length) => collected(stream(offset, length)),
    close: () => below.close(),
  };
}

async function* expanded(below: Layer, chunks: readonly SparseChunk[], start: number, end: number) {
  let at = start;
  for (let index = firstEndingBehind(chunks, start); at < end; index += 1) {
    const chunk = chunks[index];
    const from = Math.min(end, Math.max(at, chunk?.offset ?? end));
    yield* zeros(from - at);
    at = from;
    if (!chunk || at >= end) continue;
    const to = Math.min(end, chunk.offset + chunk.length);
    const within = at - chunk.offset;
    if ('fill' in chunk.from) yield* repeatedBytes(chunk.from.fill)(to - at, within);
    else yield* below.stream(chunk.from.at + within, to - at);
    at = to;
  }
}

/**
 * Holds the CRC32 chunks against the content; files/format at the first that differs. What nobody cares for counts
 * as zeros. The format's own library counts nothing there, and of a fill chunk one block only: that sum is taken too,
 * since it is what its files have.
 */
export async function verifySums(layer: SparseLayer, index: SparseIndex, blockBytes: number, path: string) {
  let sum = 0;
  let libraryCount = 0;
  let at = 0;
  let next = 0;
  for (const { offset, sum: wanted } of index.sums) {
    for await (const piece of layer.stream(at, offset - at)) sum = crc32(piece, sum);
    for (let chunk = index.chunks[next]; chunk && chunk.offset < offset; chunk = index.chunks[next]) {
      next += 1;
      const counted = 'fill' in chunk.from ? blockBytes : chunk.length;
      for await (const piece of layer.stream(chunk.offset, counted)) libraryCount = crc32(piece, libraryCount);
    }
    at = offset;
    if (sum !== wanted && libraryCount !== wanted) {
      throw damaged(path, 'Android sparse', `the CRC-32 of its first ${offset} bytes is another one`);
    }
  }
}
