import { crc32, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { concatBytes } from '../../src/base/bytes.ts';
import { openImage } from '../../src/source/open-image.ts';
import { makePattern } from '../image/make.ts';
import { expandSparse, makeSparse, type SparsePart } from '../image/make-sparse.ts';
import { contentOf, failureOf, testFolder } from './packed.ts';

const folder = testFolder();
const BLOCK = 4096;
const PARTS: readonly SparsePart[] = [
  { raw: makePattern(3 * BLOCK) },
  { raw: makePattern(BLOCK, 2) },
  { dontCare: 5 },
  { fill: 0x12345678, blocks: 40 },
  { dontCare: 100 },
  { raw: makePattern(2 * BLOCK, 3) },
  { fill: 0, blocks: 2 },
  { dontCare: 1 },
];
const EXPANDED = expandSparse(PARTS);

function edited(edit: (view: DataView) => void): Uint8Array {
  const data = makeSparse(PARTS).slice();
  edit(new DataView(data.buffer));
  return data;
}

describe('an Android sparse image', () => {
  test.each(['simg', 'simg.gz'])('expands raw, fill and don’t-care chunks (%s)', async (ending) => {
    const data = makeSparse(PARTS);
    const path = folder.write(`card.${ending}`, ending === 'simg' ? data : gzipSync(data));
    expect(Buffer.compare(await contentOf(path), EXPANDED)).toBe(0);
  });

  test('with another one behind it is refused, not sent by half; zeros behind it are nothing', async () => {
    const image = makeSparse(PARTS);
    for (const [name, pack] of [
      ['card.simg', (data: Uint8Array) => data],
      ['card.simg.gz', gzipSync],
    ] as const) {
      const path = folder.write(name, pack(concatBytes([image, image])));
      expect(await failureOf(path)).toMatchObject({
        code: 'files/format',
        message: expect.stringContaining(`something else follows its last chunk, at byte ${image.length}`),
      });
      const padded = folder.write(name, pack(concatBytes([image, new Uint8Array(500)])));
      expect(Buffer.compare(await contentOf(padded), EXPANDED)).toBe(0);
    }
  });

  test('says where it means something: raw and fill, what touches as one', async () => {
    const source = await openImage(folder.write('card.simg', makeSparse(PARTS)));
    expect(source.mapped).toEqual([
      { offset: 0, length: 4 * BLOCK },
      { offset: 9 * BLOCK, length: 40 * BLOCK },
      { offset: 149 * BLOCK, length: 4 * BLOCK },
    ]);
    await source.close();
  });

  test('gives any range, in the middle of a filled one too', async () => {
    const source = await openImage(folder.write('card.simg', makeSparse(PARTS)));
    for (const [offset, length] of [
      [9 * BLOCK + 3, 70_001],
      [4 * BLOCK - 1, 10],
      [150 * BLOCK, 9999],
    ] as const) {
      expect(Buffer.compare(await source.read(offset, length), EXPANDED.subarray(offset, offset + length))).toBe(0);
    }
    await source.close();
  });

  test('has no bytes when its header says so', async () => {
    expect(await contentOf(folder.write('card.simg', makeSparse([])))).toHaveLength(0);
  });
});

describe('the sums of a sparse image', () => {
  const start = [{ raw: makePattern(BLOCK) }, { dontCare: 3 }, { fill: 7, blocks: 9 }] as const;
  const right = crc32(expandSparse(start));

  test('may stand anywhere, and don’t-care counts as zeros', async () => {
    const parts = [
      ...start,
      { crc: right },
      { raw: makePattern(5) },
      { crc: crc32(expandSparse([...start, { raw: makePattern(5) }])) },
    ];
    expect(Buffer.compare(await contentOf(folder.write('card.simg', makeSparse(parts))), expandSparse(parts))).toBe(0);
  });

  test('are taken as the format’s own library makes them: one block of a fill, nothing of a hole', async () => {
    const library = crc32(concatBytes([makePattern(BLOCK), expandSparse([{ fill: 7, blocks: 1 }])]));
    expect(await contentOf(folder.write('card.simg', makeSparse([...start, { crc: library }])))).toHaveLength(
      13 * BLOCK,
    );
  });

  test('that are wrong are an error', async () => {
    const error = await failureOf(folder.write('card.simg', makeSparse([...start, { crc: right ^ 1 }])));
    expect(error).toMatchObject({
      code: 'files/format',
      message: expect.stringMatching(/the CRC-32 of its first 53248 bytes/),
    });
  });
});

describe('a sparse image that lies', () => {
  const chunk = 28 + 12 + 3 * BLOCK;
  test.each<[string, Uint8Array, RegExp]>([
    [
      'in its number of blocks',
      edited((view) => view.setUint32(16, 999, true)),
      /its header speaks of 999 blocks, its chunks of 154/,
    ],
    ['in too few blocks', edited((view) => view.setUint32(16, 3, true)), /chunk 1 goes beyond the 3 blocks/],
    [
      'in its number of chunks',
      edited((view) => view.setUint32(20, 99, true)),
      /it ends early, in the header of chunk 8 of 99/,
    ],
    ['in more chunks than anybody needs', edited((view) => view.setUint32(20, 2 ** 24, true)), /16777216 chunks/],
    [
      'in the size of a chunk',
      edited((view) => view.setUint32(chunk + 8, 13, true)),
      /chunk 1 speaks of 13 bytes in the file, and should of 4108/,
    ],
    [
      'in the type of a chunk',
      edited((view) => view.setUint16(chunk, 0xcac9, true)),
      /chunk 1 is of the unknown type 0xcac9/,
    ],
    ['in its version', edited((view) => view.setUint16(4, 2, true)), /version 2/],
    [
      'about its end',
      makeSparse([{ raw: makePattern(9000) }]).subarray(0, -1),
      /it ends early: its chunks speak of 12328 bytes/,
    ],
    ['and ends in a fill chunk', makeSparse([{ fill: 1, blocks: 1 }]).subarray(0, -2), /it ends early, in chunk 0/],
  ])('%s is refused', async (_, data, reason) => {
    for (const path of [folder.write('card.simg', data), folder.write('card.simg.gz', gzipSync(data))]) {
      const error = await failureOf(path);
      expect(error.code).toBe('files/format');
      expect(error.message).toMatch(reason);
    }
  });
});
