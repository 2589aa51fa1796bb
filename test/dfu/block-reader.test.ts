import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes } from '../../src/base/bytes.ts';
import { BlockReader } from '../../src/dfu/block-reader.ts';
import { imageOf, inPieces } from './stream.ts';

async function blocksOf(bytes: Uint8Array, blockBytes: number, sizes: readonly number[]): Promise<Uint8Array[]> {
  const reader = new BlockReader(inPieces(bytes, sizes), blockBytes);
  const blocks: Uint8Array[] = [];
  for (let block = await reader.next(); block; block = reader.ready() ?? (await reader.next())) blocks.push(block);
  return blocks;
}

describe('a block reader', () => {
  test('cuts any pieces into whole blocks and one last shorter one', async () => {
    const piece = fc.integer({ min: 1, max: 40 });
    const cases = fc.tuple(fc.nat(300), fc.integer({ min: 1, max: 33 }), fc.array(piece, { maxLength: 5 }));
    await fc.assert(
      fc.asyncProperty(cases, async ([length, blockBytes, sizes]) => {
        const bytes = imageOf(length);
        const blocks = await blocksOf(bytes, blockBytes, sizes);
        expect(concatBytes(blocks)).toEqual(bytes);
        expect(blocks.slice(0, -1).every((block) => block.length === blockBytes)).toBe(true);
        expect(blocks.length).toBe(Math.ceil(length / blockBytes));
      }),
    );
  });

  test('does not copy blocks that lie within one piece', async () => {
    const bytes = imageOf(64);
    const blocks = await blocksOf(bytes, 16, [32]);
    expect(blocks.map(({ buffer, byteOffset }) => [buffer === bytes.buffer, byteOffset])).toEqual([
      [true, 0],
      [true, 16],
      [true, 32],
      [true, 48],
    ]);
  });

  test('skips empty pieces', async () => {
    async function* pieces() {
      yield new Uint8Array(0);
      yield Uint8Array.of(1, 2, 3);
      yield new Uint8Array(0);
    }
    const reader = new BlockReader(pieces(), 2);
    expect([await reader.next(), await reader.next(), await reader.next()]).toEqual([
      Uint8Array.of(1, 2),
      Uint8Array.of(3),
      undefined,
    ]);
  });

  test('hands on what the stream fails with', async () => {
    // biome-ignore lint/correctness/useYield: a stream that fails at once
    async function* broken(): AsyncGenerator<Uint8Array> {
      throw new Error('disk');
    }
    await expect(new BlockReader(broken(), 2).next()).rejects.toThrow('disk');
  });

  test('lets the stream go when it is closed early', async () => {
    let released = false;
    async function* pieces() {
      try {
        yield imageOf(4);
        yield imageOf(4);
      } finally {
        released = true;
      }
    }
    const reader = new BlockReader(pieces(), 2);
    await reader.next();
    await reader.close();
    expect(released).toBe(true);
  });
});
