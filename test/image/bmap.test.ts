import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type Bmap, decodeBmap } from '../../src/image/bmap.ts';
import { bmapText } from './make-bmap.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

function reasonOf(text: string): string {
  const verdict = decodeBmap(bytes(text));
  if (verdict.ok) throw new Error('it was taken');
  return verdict.reason;
}

function bmapIn(text: string): Bmap {
  const verdict = decodeBmap(bytes(text));
  if (!verdict.ok) throw new Error(verdict.reason);
  return verdict.value;
}

const SUM = (letter: string, length: number) => letter.repeat(length);
const RANGES = [
  { text: ' 0-1 ', sum: SUM('a', 64) },
  { text: '2', sum: SUM('b', 64) },
  { text: '5 - 7', sum: SUM('C', 64) },
];

describe('a bmap', () => {
  test('of format 2.0 has ranges with the checksums that it names', () => {
    expect(bmapIn(bmapText({ version: '2.0', hash: 'sha256', imageBytes: 30_000, ranges: RANGES }))).toEqual({
      version: '2.0',
      imageBytes: 30_000,
      hash: 'sha256',
      ranges: [
        { offset: 0, length: 8192, sum: SUM('a', 64) },
        { offset: 8192, length: 4096, sum: SUM('b', 64) },
        { offset: 20_480, length: 9520, sum: SUM('c', 64) },
      ],
      mapped: [
        { offset: 0, length: 12_288 },
        { offset: 20_480, length: 9520 },
      ],
    });
  });

  test.each([
    ['1.0', undefined],
    ['1.1', undefined],
    ['1.2', undefined],
    ['1.3', SUM('d', 40)],
    ['1.4', SUM('d', 64)],
    ['2.0', SUM('d', 64)],
  ])('of format %s is read', (version, sum) => {
    const text = bmapText({ version, imageBytes: 4096, ranges: [{ text: '0', sum }] });
    expect(bmapIn(text)).toMatchObject({ version, ranges: [{ offset: 0, length: 4096, ...(sum && { sum }) }] });
  });

  test('may name no range at all', () => {
    expect(bmapIn(bmapText({ version: '2.0', imageBytes: 4096, ranges: [] })).mapped).toEqual([]);
  });
});

describe('a bmap that cannot be right', () => {
  const good = bmapText({ version: '2.0', imageBytes: 30_000, ranges: RANGES });
  /** With a checksum of its own that is right again. */
  const resummed = (text: string) => {
    const blank = text.replace(/[0-9a-f]{64}(?=\s*<\/BmapFileChecksum>)/, '0'.repeat(64));
    return blank.replace(/0{64}(?=\s*<\/BmapFileChecksum>)/, createHash('sha256').update(blank).digest('hex'));
  };

  test.each([
    ['no XML', '<bmap version="2.0">', /not well-formed XML/],
    ['empty', '', /not well-formed XML/],
    ['another document', '<map/>', /no element bmap/],
    ['nested without end', `<bmap>${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}</bmap>`, /not that of a bmap: .*nested/],
    ['with names of JavaScript', '<bmap version="2.0"><__proto__/></bmap>', /not that of a bmap: .*__proto__/],
    ['of a later format', good.replace('"2.0"', '"3.0"'), /format 3\.0; 1\.0 to 2\.0 are known/],
    ['of no format', good.replace(' version="2.0"', ''), /version ""/],
    ['changed by hand', good.replace('5 - 7', '5 - 6'), /its own sha256 is [0-9a-f]{64} and not/],
    ['with another checksum', good.replace('sha256', 'crc9'), /checksums of the unknown type crc9/],
    ['with ranges out of order', resummed(good.replace('>2<', '>1<')), /the range 1-1 is out of order/],
    ['with a range backwards', resummed(good.replace('5 - 7', '7 - 5')), /the range 7-5 is out of order/],
    ['with a range beyond the image', resummed(good.replace('5 - 7', '6 - 8')), /ends at block 8 of 8/],
    ['with a range that is none', resummed(good.replace('5 - 7', 'all')), /the range "all"/],
    [
      'with fewer blocks than it says',
      resummed(good.replace('5 - 7', '5')),
      /its ranges have 4 blocks, it speaks of 6/,
    ],
    ['with a size that is no number', resummed(good.replace('30000', '3e4')), /ImageSize is "3e4"/],
    ['without a size', resummed(good.replace(/<ImageSize>.*<\/ImageSize>/, '')), /ImageSize is missing/],
    ['with another number of blocks', resummed(good.replace('30000', '90000')), /8 blocks of 4096 bytes do not make/],
  ])('%s is refused with its reason', (_, text, reason) => {
    expect(reasonOf(text)).toMatch(reason);
  });

  test('expands no entities', () => {
    const text = `<!DOCTYPE bmap [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>\n${good.replace('5 - 7', '&b;')}`;
    expect(reasonOf(resummed(text))).toMatch(/range|XML/);
  });
});
