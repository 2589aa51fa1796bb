import { describe, expect, test } from 'vitest';
import { storageDevices } from '../../src/layout/geometry.ts';
import { parseLayout } from '../../src/layout/parse.ts';
import { type DeviceFacts, isEmmc, usableArea } from '../../src/layout/usable-area.ts';
import { layoutText } from './rows.ts';

const MIB = 2 ** 20;
const MMC0 = { kind: 'mmc', index: 0 } as const;
const MMC1 = { kind: 'mmc', index: 1 } as const;

function devices(rows: readonly string[], known: Record<string, DeviceFacts> = {}) {
  return storageDevices(parseLayout(layoutText(rows)).rows, new Map(Object.entries(known)));
}

function places(rows: readonly string[], known: Record<string, DeviceFacts> = {}) {
  return devices(rows, known).flatMap(({ name, placements }) =>
    placements.map(({ row, number, address, sizeBytes }) => [name, row.name, number, address, sizeBytes]),
  );
}

describe('the usable area', () => {
  test('of an SD card of 64 MiB is the one that U-Boot named (offset_below_min, offset_huge)', () => {
    const area = usableArea(MMC0, new Map([['mmc0', { sizeBytes: 64 * MIB }]]));
    expect(area).toEqual({ first: 0x4400, end: 0x3ffba00, eraseBytes: 512 });
  });

  test('of an eMMC leaves an erase group at both ends', () => {
    const area = usableArea(MMC1, new Map([['mmc1', { sizeBytes: 512 * MIB }]]));
    expect(area).toEqual({ first: 0x80000, end: 0x1ff80000, eraseBytes: 0x80000 });
  });

  test('follows the erase group that the eMMC has', () => {
    const known = new Map([['mmc1', { eraseBytes: 0x400000 }]]);
    expect(usableArea(MMC1, known)).toEqual({ first: 0x400000, end: undefined, eraseBytes: 0x400000 });
  });

  test('tells SD card and eMMC by number, or by the erase size where it is known', () => {
    expect([isEmmc(MMC0, new Map()), isEmmc(MMC1, new Map())]).toEqual([false, true]);
    expect(isEmmc(MMC0, new Map([['mmc0', { eraseBytes: 0x80000 }]]))).toBe(true);
    expect(isEmmc(MMC1, new Map([['mmc1', { eraseBytes: 512 }]]))).toBe(false);
  });
});

describe('partitions', () => {
  test('are numbered and sized by address, whatever the order of rows and ids', () => {
    expect(
      places(['P 0x10 c Binary mmc0 0x84400 i', 'P 0x11 a Binary mmc0 0x4400 i', 'P 0x12 b Binary mmc0 0x44400 i']),
    ).toEqual([
      ['mmc0', 'a', 1, 0x4400, 0x40000],
      ['mmc0', 'b', 2, 0x44400, 0x40000],
      ['mmc0', 'c', 3, 0x84400, undefined],
    ]);
  });

  test('end with the device where nothing follows', () => {
    const [place] = devices(['P 0x10 a Binary mmc0 0x4400 i'], { mmc0: { sizeBytes: 64 * MIB } })[0]?.placements ?? [];
    expect(place).toMatchObject({ sizeBytes: 0x3ffba00 - 0x4400, boundedBy: 'device' });
  });

  test('of an eMMC leave boot1, boot2 and a raw image out of the count', () => {
    const rows = [
      'P 0x04 f1 Binary mmc1 boot1 i',
      'P 0x05 f2 Binary mmc1 boot2 i',
      'P 0x10 all RawImage mmc1 0x100 i',
      'P 0x11 a Binary mmc1 0x80000 i',
    ];
    expect(places(rows, { mmc1: { sizeBytes: 512 * MIB, bootBytes: 4 * MIB } })).toEqual([
      ['mmc1', 'all', 0, 0, 512 * MIB],
      ['mmc1', 'f1', 0, 0, 4 * MIB],
      ['mmc1', 'f2', 0, 0, 4 * MIB],
      ['mmc1', 'a', 1, 0x80000, 0x1ff00000],
    ]);
  });

  test('of different devices do not touch each other', () => {
    expect(places(['P 0x10 a Binary nor0 0x0 i', 'P 0x11 b Binary mmc0 0x4400 i'])).toEqual([
      ['nor0', 'a', 1, 0, undefined],
      ['mmc0', 'b', 1, 0x4400, undefined],
    ]);
  });

  test.each([
    ['its offset', ['P 0x10 a Binary mmc0 0x4400 i', 'P 0x11 b Binary mmc0 17K i']],
    ['its type', ['P 0x10 a Binary mmc0 0x4400 i', 'P 0x11 b Foo mmc0 0x44400 i']],
    ['its device', ['P 0x10 a Binary mmc0 0x4400 i', 'P 0x11 b Binary sata0 0x44400 i']],
  ])('have no certain size while a row hides %s', (_what, rows) => {
    expect(places(rows)[0]?.at(-1)).toBeUndefined();
  });

  test.each([
    ['full', ['P 0x10 a Binary mmc0 0x4400 i', 'PED 0x11 b Binary mmc0 0x44400 none']],
    ['partial', ['P 0x10 a Binary mmc0 0x4400 i', '- 0x11 b Binary mmc0 0x44400 none']],
    [undefined, ['P 0x10 a Binary mmc0 0x4400 i', 'X 0x11 b Binary mmc0 0x44400 none']],
  ])('make an update %s', (update, rows) => {
    expect(devices(rows).map((device) => device.update)).toEqual([update]);
  });

  test('of the boot stages are none', () => {
    expect(devices(['- 0x01 fsbl Binary none 0x0 f'])).toEqual([]);
  });
});
