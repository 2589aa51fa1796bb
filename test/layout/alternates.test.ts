import { describe, expect, test } from 'vitest';
import { type ExpectedAlternate, expectedAlternates } from '../../src/layout/alternates.ts';
import { parseLayout } from '../../src/layout/parse.ts';
import type { DeviceFacts } from '../../src/layout/usable-area.ts';
import { parseAlternateName } from '../../src/stm32/alternates.ts';
import { layoutText } from './rows.ts';

const MIB = 2 ** 20;

/** What U-Boot said, in its own words; `?` for a size that is left open. */
function alternatesOf(names: readonly string[]): readonly ExpectedAlternate[] {
  return names.map((name) => {
    const facts = parseAlternateName(name.replace('*?', '*0B'));
    if (facts?.access === undefined || facts.size === undefined) throw new Error(`no alternate setting: ${name}`);
    const open = name.includes('*?');
    return { id: facts.id, name: facts.name, access: facts.access, ...(!open && { announcedBytes: facts.size }) };
  });
}

function alternates(rows: readonly string[], devices: Record<string, DeviceFacts> = {}): readonly ExpectedAlternate[] {
  return expectedAlternates(parseLayout(layoutText(rows)), new Map(Object.entries(devices)));
}

describe('the alternate settings of the second enumeration', () => {
  test('are those that U-Boot gave for a card with a GPT (golden b_gpt_mmc0)', () => {
    const rows = [
      '- 0x01 fsbl-boot Binary none 0x0 tf-a.stm32',
      'P 0x04 fsbl1 Binary mmc0 0x00004400 t',
      'P 0x05 fsbl2 Binary mmc0 0x00044400 t',
      'P 0x06 metadata1 FWU_MDATA mmc0 0x00084400 m',
      'P 0x07 metadata2 FWU_MDATA mmc0 0x000C4400 m',
      'P 0x08 fip-a FIP mmc0 0x00104400 f',
      'PED 0x09 fip-b FIP mmc0 0x00504400 none',
      'PED 0x0A u-boot-env ENV mmc0 0x00904400 none',
      'P 0x10 bootfs System mmc0 0x00984400 b',
      'P 0x11 vendorfs FileSystem mmc0 0x04984400 v',
      'P 0x12 rootfs FileSystem mmc0 0x05984400 r',
      'P 0x13 userfs FileSystem mmc0 0x09984400 u',
    ];
    expect(alternates(rows, { mmc0: { sizeBytes: 512 * MIB } })).toEqual(
      alternatesOf([
        '@fsbl1/0x04/1*256Ke',
        '@fsbl2/0x05/1*256Ke',
        '@metadata1/0x06/1*256Ke',
        '@metadata2/0x07/1*256Ke',
        '@fip-a/0x08/1*4Me',
        '@fip-b/0x09/1*4Ma',
        '@u-boot-env/0x0a/1*512Ka',
        '@bootfs/0x10/1*64Me',
        '@vendorfs/0x11/1*16Me',
        '@rootfs/0x12/1*64Me',
        '@userfs/0x13/1*358Me',
      ]),
    );
    expect(alternates(rows).at(-1)).toEqual(alternatesOf(['@userfs/0x13/1*?e'])[0]);
  });

  test('are those that U-Boot gave for an eMMC (golden c_emmc)', () => {
    const rows = [
      'P 0x04 fsbl1 Binary mmc1 boot1 t',
      'P 0x05 fsbl2 Binary mmc1 boot2 t',
      'P 0x06 metadata1 FWU_MDATA mmc1 0x00080000 m',
      'P 0x08 fip-a FIP mmc1 0x00180000 f',
      'P 0x10 bootfs System mmc1 0x00A00000 b',
      'P 0x12 rootfs FileSystem mmc1 0x04A00000 r',
    ];
    expect(alternates(rows, { mmc1: { sizeBytes: 512 * MIB, bootBytes: 4 * MIB } })).toEqual(
      alternatesOf([
        '@fsbl1/0x04/1*4Me',
        '@fsbl2/0x05/1*4Me',
        '@metadata1/0x06/1*1024Ke',
        '@fip-a/0x08/1*8Me',
        '@bootfs/0x10/1*64Me',
        '@rootfs/0x12/1*437Me',
      ]),
    );
    expect(alternates(rows).slice(0, 2)).toEqual(alternatesOf(['@fsbl1/0x04/1*?e', '@fsbl2/0x05/1*?e']));
  });

  test('are those that U-Boot gave for NOR flash (golden d_nor)', () => {
    const rows = [
      'P 0x06 metadata1 FWU_MDATA nor0 0x00080000 m',
      'P 0x07 metadata2 FWU_MDATA nor0 0x00100000 m',
      'P 0x08 fip-a FIP nor0 0x00140000 f',
      'PED 0x09 fip-b FIP nor0 0x00540000 none',
      'P 0x10 user FileSystem nor0 0x009C0000 u',
    ];
    expect(alternates(rows, { nor0: { sizeBytes: 16 * MIB } })).toEqual(
      alternatesOf([
        '@metadata1/0x06/1*512Ke',
        '@metadata2/0x07/1*256Ke',
        '@fip-a/0x08/1*4Me',
        '@fip-b/0x09/1*4Ma',
        '@user/0x10/1*6Me',
      ]),
    );
  });

  test.each([
    [
      'an image over a partition (raw_plus_parts)',
      ['P 0x10 sdcard RawImage mmc0 0x0 i', 'P 0x11 part1 Binary mmc0 0x4400 i'],
      ['@sdcard/0x10/1*64Me', '@part1/0x11/1*63Me'],
    ],
    [
      'ids against addresses (phase_order_reversed)',
      ['P 0x11 b Binary mmc0 0x4400 i', 'P 0x10 a Binary mmc0 0x44400 i'],
      ['@a/0x10/1*63Me', '@b/0x11/1*256Ke'],
    ],
    ['an empty partition (PE_only)', ['PE 0x10 part1 Binary mmc0 0x4400 i'], ['@part1/0x10/1*63Ma']],
    ['nothing at all (only_none)', ['- 0x01 fsbl Binary none 0x0 i'], []],
  ])('are those of the measured table for %s', (_name, rows, names) => {
    expect(alternates(rows, { mmc0: { sizeBytes: 64 * MIB } })).toEqual(alternatesOf(names));
  });

  test('leave a size open that versions of U-Boot write differently', () => {
    const rows = [
      'P 0x10 a Binary mmc0 0x4400 i',
      'P 0x11 b Binary mmc0 0x60004400 i',
      'P 0x12 c Binary mmc0 0xE0004400 i',
    ];
    expect(alternates(rows)).toEqual(alternatesOf(['@a/0x10/1*?e', '@b/0x11/1*2Ge', '@c/0x12/1*?e']));
  });
});
