import { expect, test } from 'vitest';
import { decodeUtf8 } from '../../../src/simulator/uboot/utf8.ts';

test.each([
  ['ASCII', 'part1', 'part1'],
  ['two bytes', '\xc3\xa9', 'é'],
  ['three bytes', '\xe2\x82\xac', '€'],
  ['a sequence longer than it need be', '\xc1\x81', 'A'],
  ['four bytes', '\xf0\x9f\x98\x80', undefined],
  ['a surrogate', '\xed\xa0\x80', undefined],
  ['a byte of Latin-1', '\xe9t\xe9', undefined],
  ['a sequence cut short', 'a\xe2\x82', undefined],
  ['a following byte in front', '\x82a', undefined],
])('a name with %s', (_, bytes, text) => {
  expect(decodeUtf8(bytes)).toBe(text);
});
