import { concatBytes, type Extent } from '../base/bytes.ts';

/** Index of the first of the ascending `extents` that ends behind `offset`; their number when none does. */
export function firstEndingBehind(extents: readonly Extent[], offset: number): number {
  let low = 0;
  let high = extents.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const extent = extents[middle] as Extent;
    if (extent.offset + extent.length <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** All of a stream, in memory of its own. */
export async function collected(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece.slice());
  return concatBytes(pieces);
}
