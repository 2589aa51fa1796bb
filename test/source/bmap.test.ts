import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { openImage } from '../../src/source/open-image.ts';
import { makePattern } from '../image/make.ts';
import { bmapText } from '../image/make-bmap.ts';
import { contentOf, failureOf, testFolder } from './packed.ts';

const folder = testFolder();
const BLOCK = 4096;
const DATA = makePattern(100 * BLOCK + 77);
const BLOCKS: readonly (readonly [number, number])[] = [
  [0, 9],
  [10, 10],
  [50, 80],
  [99, 100],
];
const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');

function bmapOf(data: Uint8Array, version = '2.0'): string {
  const ranges = BLOCKS.map(([first, last]) => ({
    text: `${first}-${last}`,
    sum: Number(version) < 1.3 ? undefined : sha256(data.subarray(first * BLOCK, (last + 1) * BLOCK)),
  }));
  return bmapText({ version, imageBytes: data.length, ranges });
}

/** Zeros outside of the ranges. */
function masked(data: Uint8Array): Uint8Array {
  const copy = new Uint8Array(data.length);
  for (const [first, last] of BLOCKS) {
    copy.set(data.subarray(first * BLOCK, (last + 1) * BLOCK), first * BLOCK);
  }
  return copy;
}

describe('the bmap of an image', () => {
  test.each([
    ['card.wic', 'card.wic.bmap'],
    ['card.wic.gz', 'card.wic.gz.bmap'],
    ['card.wic.gz', 'card.wic.bmap'],
    ['card.wic.gz', 'card.bmap'],
    ['card', 'card.bmap'],
  ])('%s is found at %s', async (name, bmap) => {
    const path = folder.write(name, name.endsWith('.gz') ? gzipSync(DATA) : DATA);
    folder.write(bmap, bmapOf(DATA));
    const source = await openImage(path, { bmap: 'beside' });
    expect(source.mapped).toEqual([
      { offset: 0, length: 11 * BLOCK },
      { offset: 50 * BLOCK, length: 31 * BLOCK },
      { offset: 99 * BLOCK, length: BLOCK + 77 },
    ]);
    await source.close();
  });

  test('is not looked for unless somebody asks', async () => {
    const path = folder.write('card.wic', DATA);
    folder.write('card.wic.bmap', 'nonsense');
    expect(Buffer.compare(await contentOf(path), DATA)).toBe(0);
  });

  test('is the one that is named, whatever lies beside', async () => {
    const path = folder.write('card.wic', DATA);
    folder.write('card.wic.bmap', 'nonsense');
    const bmap = { path: folder.write('other', bmapOf(DATA)) };
    expect(Buffer.compare(await contentOf(path, { bmap }), masked(DATA))).toBe(0);
  });

  test.each(['1.0', '2.0'])('leaves zeros where it says nothing (format %s)', async (version) => {
    for (const path of [folder.write('card.wic', DATA), folder.write('card.wic.gz', gzipSync(DATA))]) {
      folder.write('card.wic.bmap', bmapOf(DATA, version));
      expect(Buffer.compare(await contentOf(path, { bmap: 'beside' }), masked(DATA))).toBe(0);
      const source = await openImage(path, { bmap: 'beside' });
      const part = await source.read(10 * BLOCK + 5, 50 * BLOCK);
      expect(Buffer.compare(part, masked(DATA).subarray(10 * BLOCK + 5, 60 * BLOCK + 5))).toBe(0);
      await source.close();
    }
  });

  test.each(['card.wic', 'card.wic.gz'])(
    'notices a range of %s that differs before its last byte is given',
    async (name) => {
      const changed = DATA.slice();
      changed[60 * BLOCK] = (changed[60 * BLOCK] as number) ^ 1;
      const path = folder.write(name, name.endsWith('.gz') ? gzipSync(changed) : changed);
      folder.write('card.wic.bmap', bmapOf(DATA));
      const source = await openImage(path, { bmap: 'beside' });
      let given = 50 * BLOCK;
      const reading = (async () => {
        for await (const piece of source.stream(50 * BLOCK, 31 * BLOCK)) given += piece.length;
      })();
      const bytes = `from ${50 * BLOCK} to ${81 * BLOCK}`;
      await expect(reading).rejects.toMatchObject({
        code: 'files/format',
        message: expect.stringMatching(
          new RegExp(`${name} differs from .*card\\.wic\\.bmap: the sha256 of the bytes ${bytes}`),
        ),
      });
      expect(given).toBeLessThan(81 * BLOCK);
      for await (const piece of source.stream(0, 11 * BLOCK)) expect(piece.length).toBeGreaterThan(0);
      await source.close();
    },
  );

  test('does not fit an image of another size', async () => {
    const path = folder.write('card.wic', DATA.subarray(0, -1));
    folder.write('card.wic.bmap', bmapOf(DATA));
    expect(await failureOf(path, { bmap: 'beside' })).toMatchObject({
      code: 'files/format',
      message: expect.stringMatching(
        /card\.wic\.bmap does not fit: it is for an image of 409677 bytes, .*card\.wic has 409676/,
      ),
    });
  });

  test('that is none is an error with its name', async () => {
    const path = folder.write('card.wic', DATA);
    folder.write('card.bmap', 'nonsense');
    expect(await failureOf(path, { bmap: 'beside' })).toMatchObject({
      code: 'files/format',
      message: expect.stringMatching(/card\.bmap does not fit: it is not well-formed XML/),
    });
    expect(await failureOf(path, { bmap: { path: `${folder.path}/nothing` } })).toMatchObject({
      code: 'files/missing',
    });
  });

  test('without checksums makes all of what is compressed be looked at first', async () => {
    const damaged = gzipSync(DATA);
    damaged[damaged.length - 6] = (damaged[damaged.length - 6] as number) ^ 1;
    const path = folder.write('card.wic.gz', damaged);
    folder.write('card.wic.bmap', bmapOf(DATA, '1.2'));
    await expect(openImage(path, { bmap: 'beside' })).rejects.toMatchObject({ code: 'files/format' });
  });
});
