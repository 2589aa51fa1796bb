import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Bytes, memoryBytes } from '../../src/base/bytes.ts';
import { findUbootVersion } from '../../src/image/uboot-version.ts';
import { makeFip, makeSsbl } from './make.ts';

/** Hands `text` out in pieces of the given sizes, the last of which repeats. */
function inPieces(text: string, sizes: readonly number[]): Bytes {
  const data = new TextEncoder().encode(text);
  return {
    ...memoryBytes(data),
    async *stream() {
      for (let at = 0, index = 0; at < data.length; index += 1) {
        const size = sizes[Math.min(index, sizes.length - 1)] as number;
        yield data.subarray(at, at + size);
        at += size;
      }
    },
  };
}

describe('the version of U-Boot', () => {
  test('is found in an SSBL and in a FIP', async () => {
    expect(await findUbootVersion(memoryBytes(makeSsbl(6000, '2018.11')))).toBe('2018.11');
    expect(await findUbootVersion(memoryBytes(makeFip()))).toBe('2023.10');
  });

  test.each([
    ['U-Boot 2023.10-stm32mp (May 01 2024)', '2023.10'],
    ['U-Boot SPL 2020.01 and U-Boot 2022.07', '2022.07'],
    ['U-Boot 2022.07 and U-Boot 2023.10', '2022.07'],
    ['UU-Boot 2021.01', '2021.01'],
    ['U-Boot 20U-Boot 2021.01', '2021.01'],
    ['U-Boot 1.1.6', undefined],
    ['U-Boot 2023.1', undefined],
    ['U-boot 2023.10', undefined],
    ['', undefined],
  ])('of %j is %s', async (text, version) => {
    expect(await findUbootVersion(inPieces(text, [1000]))).toBe(version);
  });

  test('is found wherever the stream is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(30),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        async (before, sizes) => {
          const text = `${'x'.repeat(before)}U-Boot 2024.04${'y'.repeat(30)}`;
          expect(await findUbootVersion(inPieces(text, sizes))).toBe('2024.04');
        },
      ),
    );
  });

  test('is looked for in the first 64 MiB only', async () => {
    const asked: unknown[] = [];
    const huge: Bytes = {
      size: 2 ** 40,
      read: () => Promise.resolve(new Uint8Array(0)),
      async *stream(offset, length) {
        asked.push([offset, length]);
        yield new Uint8Array(16);
      },
    };
    expect(await findUbootVersion(huge)).toBeUndefined();
    expect(asked).toEqual([[0, 64 * 2 ** 20]]);
  });
});
