import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Comparison } from '../../src/flash/comparison.ts';
import { patternsIn, sparseBytes } from './sparse-bytes.ts';

const SIZE = 200_000;
const RANGES = [
  { offset: 512, length: 70_000 },
  { offset: 90_112, length: 1 },
  { offset: 131_072, length: 68_928 },
];
const IMAGE = sparseBytes(SIZE, patternsIn(RANGES));

/** What a medium gives: the image in its ranges, something else between. */
async function medium(): Promise<Uint8Array> {
  const bytes = new Uint8Array(SIZE).fill(0x5a);
  for (const { offset, length } of RANGES) bytes.set(await IMAGE.read(offset, length), offset);
  return bytes;
}

async function compared(read: Uint8Array, blockBytes: number) {
  const comparison = new Comparison(IMAGE, RANGES);
  for (let at = 0; at < read.length; at += blockBytes) {
    const difference = await comparison.take(read.subarray(at, at + blockBytes));
    if (difference) return difference;
  }
  return comparison.end();
}

describe('a comparison', () => {
  test('of equal ranges gives their digest, in blocks of whatever size', async () => {
    const hash = createHash('sha256');
    for (const { offset, length } of RANGES) hash.update(await IMAGE.read(offset, length));
    const expected = hash.digest('hex');
    for (const blockBytes of [511, 4096, 65_536, SIZE]) {
      expect(await compared(await medium(), blockBytes)).toBe(expected);
    }
  });

  test('finds the first byte that differs in a range, and nothing between the ranges', async () => {
    const where = fc.integer({ min: 0, max: SIZE - 1 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(where, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 500, max: 70_000 }),
        async (places, blockBytes) => {
          const read = await medium();
          const flipped = new Set(places);
          for (const place of flipped) read[place] = (read[place] as number) ^ 0x10;
          const inRange = [...flipped].filter((at) =>
            RANGES.some(({ offset, length }) => at >= offset && at < offset + length),
          );
          const result = await compared(read, blockBytes);
          if (inRange.length === 0) expect(result).toEqual(expect.any(String));
          else expect(result).toMatchObject({ offset: Math.min(...inRange) });
        },
      ),
      { numRuns: 40 },
    );
  });

  test.each([
    ['in a range', 131_072 + 4096, 131_072 + 4096],
    ['in a hole', 100_000, 131_072],
    ['before all', 0, 512],
  ])('tells what is missing when it ends %s', async (_name, length, offset) => {
    const [sent] = await IMAGE.read(offset, 1);
    expect(await compared((await medium()).subarray(0, length), 4096)).toEqual({ offset, sent, read: undefined });
  });
});
