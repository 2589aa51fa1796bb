import { crc32 } from 'node:zlib';
import { damaged } from './damage.ts';
import type { Layer } from './layer.ts';

export interface Range {
  readonly offset: number;
  readonly length: number;
  readonly path: string;
  readonly format: string;
  /** CRC-32 that all of it has to have; looked at by every stream over all of it. */
  readonly crc?: number;
}

/** A part of another layer, such as a member of a tar. Closes what it lies in. Errors: files/format. */
export function rangeLayer(below: Layer, range: Range): Layer {
  const { offset, length, path, format, crc } = range;
  const left = (at: number, wanted: number) => Math.max(0, Math.min(wanted, length - at));
  return {
    size: length,
    random: below.random,
    read: (at, wanted) => below.read(offset + at, left(at, wanted)),
    async *stream(at = 0, wanted = length) {
      const end = at + left(at, wanted);
      const sums = crc !== undefined && at === 0 && end === length;
      let sum = 0;
      let done = at;
      for await (const piece of below.stream(offset + at, end - at)) {
        done += piece.length;
        if (sums) sum = crc32(piece, sum);
        if (sums && done === end && sum !== crc) throw damaged(path, format, 'the CRC-32 is another one');
        yield piece;
      }
      if (done < end) throw damaged(path, format, 'it ends early');
    },
    close: () => below.close(),
  };
}
