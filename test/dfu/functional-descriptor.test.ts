import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../../src/base/bytes.ts';
import { decodeFunctionalDescriptor, encodeFunctionalDescriptor } from '../../src/dfu/functional-descriptor.ts';

describe('the DFU functional descriptor', () => {
  test.each([
    [
      'U-Boot',
      '09 21 0f 0000 0010 1001',
      { attributes: 0x0f, detachTimeoutMs: 0, transferSize: 4096, version: 0x0110 },
    ],
    [
      'TF-A',
      '09 21 0f ff00 0004 1001',
      { attributes: 0x0f, detachTimeoutMs: 255, transferSize: 1024, version: 0x0110 },
    ],
    [
      'DfuSe',
      '09 21 0b ff00 0008 1a01',
      { attributes: 0x0b, detachTimeoutMs: 255, transferSize: 2048, version: 0x011a },
    ],
  ])('of %s is read and written', (_, hex, descriptor) => {
    expect(decodeFunctionalDescriptor(fromHex(hex))).toEqual(descriptor);
    expect(toHex(encodeFunctionalDescriptor(descriptor))).toBe(hex.replaceAll(' ', ''));
  });

  test.each([
    ['too short', '07 21 0f 0000 0010'],
    ['too long', '0a 21 0f 0000 0010 1001 00'],
    ['a length that lies', '07 21 0f 0000 0010 1001'],
    ['another descriptor', '09 04 00 0000 fe01 0205'],
    ['a transfer size of 0', '09 21 0f 0000 0000 1001'],
    ['nothing', ''],
  ])('%s is refused', (_, hex) => {
    expect(() => decodeFunctionalDescriptor(fromHex(hex))).toThrow(expect.objectContaining({ code: 'dfu/protocol' }));
  });
});
