import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../../src/base/bytes.ts';
import { decodeSparseHeader, encodeSparseHeader } from '../../src/image/android-sparse.ts';

const HEX = '3aff26ed 0100 0000 1c00 0c00 00100000 00000200 05000000 00000000';
const HEADER = { blockBytes: 4096, blocks: 0x20000, chunks: 5 };

describe('the header of an Android sparse image', () => {
  test('is written byte for byte as the format says', () => {
    expect(toHex(encodeSparseHeader(HEADER))).toBe(HEX.replaceAll(' ', ''));
  });

  test('is read field by field', () => {
    expect(decodeSparseHeader(fromHex(HEX))).toMatchObject({ ok: true, value: { ...HEADER, expandedBytes: 2 ** 29 } });
  });
});

describe('malformed Android sparse images', () => {
  test.each([
    ['another magic', HEX.replace('3aff', '3bff'), /the magic ED26FF3A is not there/],
    ['another version', HEX.replace('0100 0000', '0200 0000'), /version 2/],
    ['a short header', HEX.replace('1c00', '1b00'), /header of 27 bytes/],
    ['short chunk headers', HEX.replace('0c00', '0b00'), /chunk headers of 11 bytes/],
    ['blocks of no bytes', HEX.replace('00100000', '00000000'), /blocks of 0 bytes/],
    ['blocks of half sectors', HEX.replace('00100000', '00010000'), /blocks of 256 bytes/],
    [
      'a size beyond counting',
      HEX.replace('00100000 00000200', '00feffff ffffffff'),
      /4294967295 blocks of 4294966784 bytes/,
    ],
  ])('%s is refused with its value', (_, hex, reason) => {
    expect(decodeSparseHeader(fromHex(hex))).toEqual({ ok: false, reason: expect.stringMatching(reason) });
  });

  test.each([0, 3, 4, 12, 27])('a header cut after %i bytes gets a verdict', (length) => {
    expect(decodeSparseHeader(fromHex(HEX).subarray(0, length))).toMatchObject({ ok: false });
  });
});
