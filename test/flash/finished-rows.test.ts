import { describe, expect, test } from 'vitest';
import { trustedProofs, withFinishedRows } from '../../src/flash/finished-rows.ts';
import { formatOpt } from '../../src/layout/opt.ts';
import { parseLayout } from '../../src/layout/parse.ts';
import { layoutText } from './layouts.ts';

const proofOf = (id: number) => ({ id, bytes: 512, sha256: '00'.repeat(32) });

function trusted(rows: readonly string[], ids: readonly number[]): readonly number[] {
  return trustedProofs(parseLayout(layoutText(...rows)), ids.map(proofOf)).map(({ id }) => id);
}

const SD = [
  'P 0x04 fsbl Binary mmc0 0x4400 a',
  'PD 0x10 boot System mmc0 0x80000 b',
  'P 0x11 root System mmc0 0x100000 c',
];
const EMMC = [
  'P 0x04 fsbl1 Binary mmc1 boot1 a',
  'P 0x05 fsbl2 Binary mmc1 boot2 a',
  'P 0x10 root System mmc1 0x80000 b',
];

describe('what a journal proves holds', () => {
  test('for partitions, whatever becomes of the others', () => {
    expect(trusted(SD, [0x04, 0x10])).toEqual([0x04, 0x10]);
    expect(trusted(SD, [0x11])).toEqual([0x11]);
    expect(trusted(SD, [])).toEqual([]);
  });

  test('for boot1 and boot2 together only: the last one flashed is the one that boots', () => {
    expect(trusted(EMMC, [0x04, 0x10])).toEqual([0x10]);
    expect(trusted(EMMC, [0x05])).toEqual([]);
    expect(trusted(EMMC, [0x04, 0x05])).toEqual([0x04, 0x05]);
    expect(trusted([EMMC[0] as string], [0x04])).toEqual([0x04]);
    expect(trusted(['- 0x05 fsbl2 Binary mmc1 boot2 a', EMMC[0] as string], [0x04])).toEqual([0x04]);
  });

  test('for a raw image that is alone on its device, and for nothing beside or under one', () => {
    const raw = 'P 0x20 card RawImage mmc0 0x0 card.img';
    expect(trusted([raw], [0x20])).toEqual([0x20]);
    expect(trusted([...SD, raw], [0x04, 0x20])).toEqual([]);
    expect(trusted([...EMMC, raw], [0x10, 0x20])).toEqual([0x10, 0x20]);
    expect(trusted([...EMMC, 'PD 0x20 emmc RawImage mmc1 0x0 card.img'], [0x04, 0x05, 0x10])).toEqual([0x04, 0x05]);
  });

  test('for raw flash, and never for memory', () => {
    const rows = [
      'P 0x04 fsbl Binary(2) nand0 0x0 a',
      'PD 0x10 UBI System nand0 0x200000 b',
      'P 0x20 k System ram0 0xC2000000 c',
    ];
    expect(trusted(rows, [0x04, 0x10, 0x20])).toEqual([0x04, 0x10]);
  });

  test('for rows that are written, each once', () => {
    const rows = [
      'PE 0x10 empty System mmc0 0x80000 none',
      '- 0x11 root System mmc0 0x100000 c',
      'P 0x12 user System mmc0 0x200000 c',
    ];
    expect(trusted(rows, [0x10, 0x11, 0x12, 0x12, 0x13])).toEqual([0x12]);
  });
});

test('finished rows go out as PE without D; the others as they are', () => {
  const { rows } = withFinishedRows(parseLayout(layoutText(...SD, '- 0x01 boot Binary none 0x0 a')), [proofOf(0x10)]);
  expect(rows.map(({ opt }) => opt && formatOpt(opt))).toEqual(['P', 'PE', 'P', '-']);
});
