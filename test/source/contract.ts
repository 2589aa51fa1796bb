import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Bytes, concatBytes } from '../../src/base/bytes.ts';
import type { OpenSource } from '../../src/source/open-file.ts';
import { openImage } from '../../src/source/open-image.ts';
import { makePattern } from '../image/make.ts';

const PIECE = 256 * 1024;
const SIZES = [1, 63, 64, 65, 4095, 4096, 4097, PIECE - 1, PIECE, PIECE + 1];

/** How `Bytes` promises to behave: three later pieces and at least 256 KiB leave a piece alone. */
async function collect(stream: AsyncIterable<Uint8Array>, most = Number.POSITIVE_INFINITY): Promise<Uint8Array> {
  const kept: Uint8Array[] = [];
  const done: Uint8Array[] = [];
  let length = 0;
  for await (const piece of stream) {
    expect(piece.length).toBeGreaterThan(0);
    kept.push(piece);
    if (kept.length > 3) done.push((kept.shift() as Uint8Array).slice());
    length += piece.length;
    if (length >= most) break;
  }
  return concatBytes([...done, ...kept.map((piece) => piece.slice())]);
}

function expectSame(found: Uint8Array, wanted: Uint8Array): void {
  expect(found.length).toBe(wanted.length);
  expect(Buffer.compare(found, wanted)).toBe(0);
}

async function expectRange(source: Bytes, data: Uint8Array, offset: number, length: number): Promise<void> {
  const wanted = data.subarray(offset, offset + length);
  expectSame(await source.read(offset, length), wanted);
  expectSame(await collect(source.stream(offset, length)), wanted);
}

/** Every source keeps the promises of `Bytes`; `pack` writes an image and gives the path to open. */
export function sourceContract(
  name: string,
  pack: (data: Uint8Array, folder: string) => string,
  { blockBytes = 1 }: { readonly blockBytes?: number } = {},
): void {
  describe(name, () => {
    let folder: string;
    let source: OpenSource | undefined;

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'phaseline-contract-'));
    });

    afterEach(async () => {
      await source?.close();
      rmSync(folder, { recursive: true });
    });

    async function open(size: number): Promise<{ source: OpenSource; data: Uint8Array }> {
      const data = new Uint8Array(Math.ceil(size / blockBytes) * blockBytes);
      data.set(makePattern(size));
      source = await openImage(pack(data, folder));
      return { source, data };
    }

    test.each([0, ...SIZES])('has all of %i bytes', async (size) => {
      const { source: opened, data } = await open(size);
      expect(opened.size).toBe(data.length);
      expectSame(await collect(opened.stream()), data);
      expectSame(await collect(opened.stream()), data);
      expectSame(await opened.read(0, data.length + 10), data);
    });

    test('has nothing behind its end', async () => {
      const { source: opened, data } = await open(4096);
      await expectRange(opened, data, 4096, 10);
      await expectRange(opened, data, 10_000, 10);
      await expectRange(opened, data, 4000, 10_000);
      await expectRange(opened, data, 5, 0);
    });

    test('gives any range, whatever was read before', async () => {
      const { source: opened, data } = await open(3 * PIECE + 5);
      const ranges = fc.array(fc.tuple(fc.nat(4 * PIECE), fc.oneof(fc.nat(100), fc.nat(2 * PIECE))), { maxLength: 3 });
      await fc.assert(
        fc.asyncProperty(ranges, async (wanted) => {
          for (const [offset, length] of wanted) await expectRange(opened, data, offset, length);
        }),
        { numRuns: 5 },
      );
    });

    test('gives ascending ranges one behind another', async () => {
      const { source: opened, data } = await open(3 * PIECE + 5);
      for (let at = 3; at < data.length; at += 100_000) {
        expectSame(await collect(opened.stream(at, 70_001)), data.subarray(at, at + 70_001));
      }
    });

    test('serves two streams at once', async () => {
      const { source: opened, data } = await open(2 * PIECE + 1);
      const [a, b, c] = await Promise.all([
        collect(opened.stream()),
        collect(opened.stream(1)),
        opened.read(PIECE - 7, 100),
      ]);
      expectSame(a, data);
      expectSame(b, data.subarray(1));
      expectSame(c, data.subarray(PIECE - 7, PIECE + 93));
    });

    test('can be left in the middle, and goes on as if nothing had been', async () => {
      const { source: opened, data } = await open(3 * PIECE);
      const start = await collect(opened.stream(), 1);
      expectSame(start, data.subarray(0, start.length));
      expectSame(await collect(opened.stream(start.length)), data.subarray(start.length));
      expectSame(await collect(opened.stream()), data);
    });

    test('is closed twice, in the middle of a stream too, and gives nothing afterwards', async () => {
      const { source: opened } = await open(3 * PIECE);
      const stream = opened.stream()[Symbol.asyncIterator]();
      await stream.next();
      await opened.close();
      await opened.close();
      await expect(opened.read(PIECE, 2 * PIECE)).rejects.toMatchObject({ code: 'files/unreadable' });
      await stream.return?.();
    });
  });
}
