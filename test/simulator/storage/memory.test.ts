import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isFilledWith, MemoryMedium } from '../../../src/simulator/storage/memory.ts';

const SIZE = 300_000;

describe('a medium in memory', () => {
  test('holds what was written, like a plain array', () => {
    const range = fc.tuple(fc.integer({ min: 0, max: SIZE - 1 }), fc.integer({ min: 0, max: 150_000 }));
    const step = fc.record({
      range,
      value: fc.constantFrom(0, 0xff, 0x5a),
      kind: fc.constantFrom('write' as const, 'fill' as const),
    });
    fc.assert(
      fc.property(fc.constantFrom(0, 0xff), fc.array(step, { maxLength: 12 }), (blank, steps) => {
        const medium = new MemoryMedium(SIZE, blank);
        const plain = new Uint8Array(SIZE).fill(blank);
        for (const {
          range: [from, wanted],
          value,
          kind,
        } of steps) {
          const length = Math.min(wanted, SIZE - from);
          if (kind === 'fill') medium.fill(from, length, value);
          else medium.write(from, new Uint8Array(length).fill(value));
          plain.fill(value, from, from + length);
        }
        expect(Buffer.from(medium.read(0, SIZE)).equals(plain)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('a terabyte can be blanked and read at both ends', () => {
    const medium = new MemoryMedium(2 ** 40);
    medium.write(2 ** 40 - 3, Uint8Array.of(1, 2, 3));
    expect(medium.read(2 ** 40 - 4, 4)).toEqual(Uint8Array.of(0, 1, 2, 3));
    medium.fill(0, 2 ** 40, 0);
    expect(medium.read(2 ** 40 - 4, 4)).toEqual(new Uint8Array(4));
  });

  test('what it read is a copy', () => {
    const medium = new MemoryMedium(16);
    medium.read(0, 16).fill(1);
    expect(medium.read(0, 16)).toEqual(new Uint8Array(16));
  });

  test.each([
    [-1, 1],
    [0, 17],
    [16, 1],
  ])('nothing is outside of it: %i, %i bytes', (offset, length) => {
    const medium = new MemoryMedium(16);
    expect(() => medium.read(offset, length)).toThrow(RangeError);
    expect(() => medium.write(offset, new Uint8Array(length))).toThrow(RangeError);
    expect(() => medium.fill(offset, length, 0)).toThrow(RangeError);
  });

  test('isFilledWith sees the one byte that differs, wherever it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 70 }), fc.integer({ min: 0, max: 3 }), fc.nat(69), (length, start, at) => {
        const data = new Uint8Array(80).fill(0xff).subarray(start, start + length);
        expect(isFilledWith(data, 0xff)).toBe(true);
        if (at >= length) return;
        data[at] = 0xfe;
        expect(isFilledWith(data, 0xff)).toBe(false);
      }),
    );
  });
});
