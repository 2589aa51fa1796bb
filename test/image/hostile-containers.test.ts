import fc from 'fast-check';
import { describe, test } from 'vitest';
import { concatBytes, fromHex, memoryBytes } from '../../src/base/bytes.ts';
import { decodeBmap } from '../../src/image/bmap.ts';
import { readSparseIndex } from '../../src/image/sparse-chunks.ts';
import { findTarMember } from '../../src/image/tar.ts';
import { xzExpandedBytes } from '../../src/image/xz-index.ts';
import { zstdExpandedBytes } from '../../src/image/zstd-frames.ts';
import { makePattern } from './make.ts';
import { bmapText } from './make-bmap.ts';
import { makeSparse } from './make-sparse.ts';
import { makeTar } from './make-tar.ts';

/** What `xz` and `zstd` make of five bytes. */
const XZ = fromHex(
  'fd377a585a000004e6d6b4460200210116000000742fe5a301000468656c6c6f00000000b137b9dbe5da1e9b00011d05b82d80af1fb6f37d010000000004595a',
);
const ZSTD = fromHex('28b52ffd240529000068656c6c6fa36d9f88');
const TAR = makeTar({ name: 'PaxHeaders/x', type: 'x', data: '12 path=long\n' }, { name: 'b', data: 'x' });
const BMAP = new TextEncoder().encode(
  bmapText({ version: '2.0', imageBytes: 30_000, ranges: [{ text: '0-1', sum: 'a'.repeat(64) }, { text: '5-7' }] }),
);
const SPARSE = makeSparse([{ raw: makePattern(4096) }, { dontCare: 3 }, { fill: 7, blocks: 2 }, { crc: 1 }]);

/** A file with some bytes changed and its end cut off or something behind it. */
const damaged = (file: Uint8Array) =>
  fc
    .tuple(
      fc.array(fc.tuple(fc.nat(Math.min(file.length, 400) - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }),
      fc.nat(file.length),
      fc.uint8Array({ maxLength: 40 }),
    )
    .map(([changes, length, more]) => {
      const copy = file.slice();
      for (const [at, byte] of changes) copy[at] = byte;
      return concatBytes([changes.length % 2 === 0 ? copy : copy.subarray(0, length), more]);
    });

describe('damaged containers', () => {
  test.each<[string, Uint8Array, (data: Uint8Array) => unknown]>([
    ['an Android sparse image', SPARSE, (data) => readSparseIndex(memoryBytes(data))],
    ['xz data', XZ, (data) => xzExpandedBytes(memoryBytes(data))],
    ['zstd data', ZSTD, (data) => zstdExpandedBytes(memoryBytes(data))],
    ['a tar', TAR, (data) => findTarMember(memoryBytes(data), 'a')],
    ['a bmap', BMAP, decodeBmap],
  ])('of which one is %s get a verdict, and never an exception', async (_, file, look) => {
    await fc.assert(
      fc.asyncProperty(damaged(file), async (data) => {
        await look(data);
      }),
      { numRuns: 300 },
    );
  });
});
