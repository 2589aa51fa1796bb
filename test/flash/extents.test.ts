import { describe, expect, test } from 'vitest';
import type { Extent } from '../../src/base/bytes.ts';
import { extentsToSend } from '../../src/flash/extents.ts';
import { holesRefused } from '../../src/flash/places.ts';
import { parseLayout } from '../../src/layout/parse.ts';
import { layoutText } from './layouts.ts';

const GIB = 2 ** 30;
const FOUR_GIB = 4 * GIB;
const LAST_SECTOR = FOUR_GIB - 512;

type Ranges = readonly (readonly [from: number, to: number])[];

const extents = (ranges: Ranges): Extent[] => ranges.map(([from, to]) => ({ offset: from, length: to - from }));

function sent(size: number, mapped: Ranges): Ranges {
  return extentsToSend({ size, mapped: extents(mapped) }).extents.map(({ offset, length }) => [
    offset,
    offset + length,
  ]);
}

describe('what of an image is sent', () => {
  test.each<[string, number, Ranges, Ranges]>([
    [
      'is each mapped range',
      1_000_000,
      [
        [0, 4096],
        [8192, 12_288],
      ],
      [
        [0, 4096],
        [8192, 12_288],
      ],
    ],
    ['is all of it when all of it is mapped', 10_000, [[0, 10_000]], [[0, 10_000]]],
    [
      'goes outward to whole sectors',
      100_000,
      [
        [600, 1000],
        [5000, 5001],
      ],
      [
        [512, 1024],
        [4608, 5120],
      ],
    ],
    ['ends with the image, in the middle of a sector', 10_001, [[9000, 10_001]], [[8704, 10_001]]],
    [
      'is joined where two ranges come to touch',
      100_000,
      [
        [0, 600],
        [1000, 2000],
      ],
      [[0, 2048]],
    ],
    [
      'keeps apart what one sector lies between',
      100_000,
      [
        [0, 512],
        [1024, 1536],
      ],
      [
        [0, 512],
        [1024, 1536],
      ],
    ],
    ['is one sector when nothing is mapped', 100_000, [], [[0, 512]]],
    ['is no more than there is when nothing is mapped', 100, [], [[0, 100]]],
  ])('%s', (_name, size, mapped, expected) => expect(sent(size, mapped)).toEqual(expected));

  test.each<[string, Ranges, Ranges]>([
    [
      'up to 4 GiB, each on its own',
      [
        [0, 512],
        [LAST_SECTOR, FOUR_GIB],
      ],
      [
        [0, 512],
        [LAST_SECTOR, FOUR_GIB],
      ],
    ],
    [
      'over 4 GiB, from where it starts',
      [
        [0, 512],
        [FOUR_GIB - 8192, FOUR_GIB + 512],
      ],
      [
        [0, 512],
        [FOUR_GIB - 8192, FOUR_GIB + 512],
      ],
    ],
    [
      'from 4 GiB on, from the sector before',
      [
        [0, 512],
        [FOUR_GIB, FOUR_GIB + 512],
      ],
      [
        [0, 512],
        [LAST_SECTOR, FOUR_GIB + 512],
      ],
    ],
    [
      'beyond, as one run to the end of the last',
      [
        [0, 512],
        [FOUR_GIB + 4096, FOUR_GIB + 8192],
        [FOUR_GIB + GIB, FOUR_GIB + GIB + 512],
      ],
      [
        [0, 512],
        [LAST_SECTOR, FOUR_GIB + GIB + 512],
      ],
    ],
    [
      'beyond, from a range that ends at 4 GiB',
      [
        [FOUR_GIB - 4096, FOUR_GIB],
        [FOUR_GIB + 4096, FOUR_GIB + 8192],
      ],
      [[FOUR_GIB - 4096, FOUR_GIB + 8192]],
    ],
  ])('%s', (_name, mapped, expected) => expect(sent(8 * GIB, mapped)).toEqual(expected));

  test('is said where holes have to be sent, and only there', () => {
    const note = (mapped: Ranges) => extentsToSend({ size: 8 * GIB, mapped: extents(mapped) }).note;
    expect(
      note([
        [0, 512],
        [FOUR_GIB, FOUR_GIB + 512],
      ]),
    ).toBe('offsets end at 4 GiB: from 0xFFFFFE00 on it is sent in one piece, holes as zeros');
    expect(
      note([
        [FOUR_GIB - 512, FOUR_GIB + 512],
        [FOUR_GIB + 1024, FOUR_GIB + 2048],
      ]),
    ).toContain('0xFFFFFE00');
    expect(
      note([
        [0, 512],
        [FOUR_GIB - 4096, FOUR_GIB + 4096],
      ]),
    ).toBeUndefined();
    expect(note([])).toContain('first sector');
  });

  test('is the whole image where the place refuses holes, with the reason', () => {
    const image = { size: 10_000, mapped: extents([[0, 512]]) };
    expect(extentsToSend(image, 'it has no holes')).toEqual({
      extents: [{ offset: 0, length: 10_000 }],
      note: 'it is sent with its holes as zeros: it has no holes',
    });
    expect(extentsToSend({ size: 10_000 }, 'it has no holes').note).toBeUndefined();
  });
});

describe('holes', () => {
  const refusal = (row: string) => {
    const [parsed] = parseLayout(layoutText(row)).rows;
    return parsed && holesRefused(parsed);
  };
  test.each([
    ['P 0x10 rootfs FileSystem mmc0 0x4400 a.img'],
    ['P 0x10 card RawImage mmc1 0x0 a.img'],
    ['P 0x10 bootfs System mmc1 0x80000 a.img'],
  ])('are left out in %s', (row) => expect(refusal(row)).toBeUndefined());
  test.each([
    ['- 0x03 fip FIP none 0x0 a.img', 'boot stage'],
    ['P 0x04 fsbl1 Binary mmc1 boot1 a.img', 'boot1'],
    ['P 0x05 fsbl2 Binary mmc1 boot2 a.img', 'boot2'],
    ['P 0x06 fip FIP nor0 0x80000 a.img', 'erase block'],
    ['P 0x04 fsbl Binary(2) nand0 0x0 a.img', 'erase block'],
    ['P 0x10 ubi System nand0 0xA00000 a.img', 'UBI'],
    ['P 0x10 ubi System spi-nand0 0xA00000 a.img', 'UBI'],
    ['P 0x10 kernel System ram0 0xC0000000 a.img', 'memory'],
  ])('are sent in %s', (row, reason) => expect(refusal(row)).toContain(reason));
});
