import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../../src/base/bytes.ts';
import { decodeUImage, encodeUImage, IH_TYPE_SCRIPT } from '../../src/image/uimage.ts';

// CRC-32 of `123456789` is CBF43926, the check value of the algorithm.
const PAYLOAD = new TextEncoder().encode('123456789');
const IMAGE = encodeUImage('script', IH_TYPE_SCRIPT, PAYLOAD);

describe('a uImage', () => {
  test('is written byte for byte as the format says', () => {
    const [before, after] = [toHex(IMAGE.subarray(0, 4)), toHex(IMAGE.subarray(8))];
    expect(before).toBe('27051956');
    const name = `736372697074${'00'.repeat(26)}`;
    expect(after).toBe(`0000000000000009${'00'.repeat(8)}cbf439260000${'06'}00${name}${toHex(PAYLOAD)}`);
  });

  test('is read field by field', () => {
    expect(decodeUImage(IMAGE)).toEqual({
      ok: true,
      value: { name: 'script', type: 6, payloadBytes: 9, payloadCrc: 0xcbf43926 },
    });
  });
});

describe('malformed uImages', () => {
  test('another magic is refused', () => {
    expect(decodeUImage(fromHex('27051957'))).toEqual({
      ok: false,
      reason: 'no uImage: the magic 27051956 is not there',
    });
  });

  test('a header with another CRC is refused', () => {
    const broken = IMAGE.slice();
    broken[40] = 0x41;
    expect(decodeUImage(broken)).toEqual({
      ok: false,
      reason: expect.stringMatching(/CRC is 0x[0-9A-F]{8}, it says 0x/),
    });
  });

  test.each([0, 3, 4, 32, 63])('a header cut after %i bytes gets a verdict', (length) => {
    expect(decodeUImage(IMAGE.subarray(0, length))).toMatchObject({ ok: false });
  });
});
