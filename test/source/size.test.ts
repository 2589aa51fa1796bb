import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { openImage } from '../../src/source/open-image.ts';
import { makePattern } from '../image/make.ts';
import { makeSparse } from '../image/make-sparse.ts';
import { failureOf, testFolder } from './packed.ts';

const folder = testFolder();
const MIB = 2 ** 20;
const ZEROS = new Uint8Array(80 * MIB);
const isThere = (tool: string) => spawnSync(tool, ['--version'], { stdio: 'ignore' }).error === undefined;
const packedBy = (tool: string, data: Uint8Array, ...flags: string[]) =>
  execFileSync(tool, ['-c', ...flags], { input: data, maxBuffer: 2 ** 28 });

async function sizeOf(path: string, limitBytes?: number): Promise<{ size: number; notices: string[] }> {
  const notices: string[] = [];
  const source = await openImage(path, { limitBytes, notice: (text) => notices.push(text) });
  await source.close();
  return { size: source.size, notices };
}

describe('the size of what is expanded', () => {
  test.skipIf(!isThere('xz'))('stands in the index of xz data, of several streams and padding too', async () => {
    const packed = packedBy('xz', ZEROS);
    const twice = Buffer.concat([packed, Buffer.alloc(70_000), packedBy('xz', ZEROS.subarray(0, 5)), Buffer.alloc(8)]);
    expect(await sizeOf(folder.write('a', packed))).toEqual({ size: ZEROS.length, notices: [] });
    expect(await sizeOf(folder.write('b', twice))).toEqual({ size: ZEROS.length + 5, notices: [] });
  });

  test.skipIf(!isThere('zstd'))('stands in the frames of zstd data, if all of them say so', async () => {
    const file = folder.write('zeros', ZEROS);
    const sized = execFileSync('zstd', ['-qc', '--no-check', file], { maxBuffer: 2 ** 28 });
    const skippable = Buffer.from('502a4d1804000000abcdef01', 'hex');
    expect(await sizeOf(folder.write('a', Buffer.concat([skippable, sized, skippable, sized])))).toEqual({
      size: 2 * ZEROS.length,
      notices: [],
    });
    const unsized = packedBy('zstd', ZEROS);
    const { size, notices } = await sizeOf(folder.write('b', Buffer.concat([sized, unsized])));
    expect(size).toBe(2 * ZEROS.length);
    expect(notices.length).toBeGreaterThan(0);
  });

  test('of gzip data is counted, and who waits for it is told', async () => {
    const { size, notices } = await sizeOf(folder.write('card.img.gz', gzipSync(ZEROS)));
    expect(size).toBe(ZEROS.length);
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(
      /card\.img\.gz: reading all of it, gzip data does not say what it expands to; 6.* so far/,
    );
  });

  test('is not counted beyond what there is room for', async () => {
    const path = folder.write('card.img.gz', gzipSync(ZEROS));
    expect(await failureOf(path, { limitBytes: 70 * MIB })).toMatchObject({
      code: 'files/too-big',
      message: expect.stringContaining(`expands to more than ${70 * MIB} bytes`),
      details: { atLeastBytes: 70 * MIB + 1 },
    });
    expect((await sizeOf(path, 80 * MIB)).size).toBe(80 * MIB);
  });

  test('of a sparse image in gzip data is held against the limit before it is looked for', async () => {
    const path = folder.write('card.simg.gz', gzipSync(makeSparse([{ dontCare: 2 ** 20 }, { raw: makePattern(5) }])));
    expect(await failureOf(path, { limitBytes: MIB })).toMatchObject({ code: 'files/too-big' });
  });

  test('is remembered for a file that was counted before, which may not have changed since', async () => {
    const measured = new Map();
    const path = folder.write('card.img.gz', gzipSync(ZEROS));
    const notices: string[] = [];
    const open = async () => {
      const source = await openImage(path, { measured, notice: (text) => notices.push(text) });
      await source.close();
      return source.size;
    };
    expect([await open(), await open()]).toEqual([ZEROS.length, ZEROS.length]);
    expect(notices).toHaveLength(1);
    appendFileSync(path, gzipSync(Buffer.from('x')));
    await expect(open()).rejects.toMatchObject({ code: 'files/changed' });
  });

  test.skipIf(!isThere('xz'))('that is a lie is found out before the last byte', async () => {
    const one = packedBy('xz', makePattern(100_000));
    const other = packedBy('xz', makePattern(90_000));
    // The blocks of one with the index of the other, whose packed size is not the same.
    const lie = Buffer.concat([one.subarray(0, -40), other.subarray(-40)]);
    expect((await failureOf(folder.write('lie.xz', lie))).code).toBe('files/format');
  });

  test('that changes while the file is read is a file that changed', async () => {
    const path = folder.write('card.img.gz', gzipSync(makePattern(3 * MIB)));
    const source = await openImage(path);
    const stream = source.stream()[Symbol.asyncIterator]();
    await stream.next();
    appendFileSync(path, 'more');
    const rest = (async () => {
      while (!(await stream.next()).done);
    })();
    await expect(rest).rejects.toMatchObject({ code: 'files/changed' });
    await source.close();
  });
});
