import { describe, expect, test } from 'vitest';
import { parseMtdPartitions } from '../../../src/simulator/storage/mtd-partitions.ts';

const MIB = 1024 * 1024;

describe('a table of MTD partitions', () => {
  test('sizes follow one another, `-` takes the rest, `@` sets a place', () => {
    expect(parseMtdPartitions('256k(a),2m@1m(b-c),-(rest)', 16 * MIB)).toEqual([
      { name: 'a', offset: 0, sizeBytes: 256 * 1024 },
      { name: 'b-c', offset: MIB, sizeBytes: 2 * MIB },
      { name: 'rest', offset: 3 * MIB, sizeBytes: 13 * MIB },
    ]);
  });

  test('no table is no partition', () => {
    expect(parseMtdPartitions('', MIB)).toEqual([]);
  });

  test.each(['256k', '2x(a)', '17m(a)', '(a)', '16m(a),1(b)', '256k(a', '1k()'])("'%s' is refused by name", (text) => {
    const bad = text.split(',').at(-1);
    expect(() => parseMtdPartitions(text, 16 * MIB)).toThrow(`'${bad}' is no MTD partition`);
  });
});
