import { describe, expect, test } from 'vitest';
import { areasOf } from '../../src/layout/device-map.ts';
import { storageDevices } from '../../src/layout/geometry.ts';
import { parseLayout } from '../../src/layout/parse.ts';
import type { DeviceFacts } from '../../src/layout/usable-area.ts';
import { layoutText } from './rows.ts';

const MIB = 2 ** 20;

function map(rows: readonly string[], facts: DeviceFacts = {}) {
  const device = parseLayout(layoutText(rows)).rows[0]?.cells.ip?.text ?? '';
  const known = new Map([[device, facts]]);
  const [storage] = storageDevices(parseLayout(layoutText(rows)).rows, known);
  return (storage ? areasOf(storage, known) : []).map(({ kind, row, boot, startBytes, sizeBytes, fate }) => [
    boot ?? row?.name ?? kind,
    startBytes,
    sizeBytes,
    fate,
  ]);
}

describe('the map of a device', () => {
  test('shows tables, gap and partitions up to the last byte of an SD card', () => {
    const rows = [
      'P 0x04 fsbl1 Binary mmc0 0x00080000 fsbl.stm32',
      'PED 0x05 env ENV mmc0 0x000C0000 none',
      'PD 0x10 rootfs FileSystem mmc0 0x00100000 rootfs.ext4',
    ];
    expect(map(rows, { sizeBytes: 64 * MIB })).toEqual([
      ['table', 0, 0x4400, 'written'],
      ['gap', 0x4400, 0x80000 - 0x4400, 'kept'],
      ['fsbl1', 0x80000, 0x40000, 'written'],
      ['env', 0xc0000, 0x40000, 'erased'],
      ['rootfs', 0x100000, 63 * MIB - 35 * 512, 'erased, written'],
      ['table', 64 * MIB - 35 * 512, 35 * 512, 'written'],
    ]);
  });

  test('keeps the tables and what is not selected in a partial update', () => {
    const rows = ['- 0x04 fsbl1 Binary mmc0 0x4400 fsbl.stm32', 'PE 0x05 data FileSystem mmc0 0x44400 none'];
    expect(map(rows)).toEqual([
      ['table', 0, 0x4400, 'kept'],
      ['fsbl1', 0x4400, 0x40000, 'kept'],
      ['data', 0x44400, undefined, 'created'],
    ]);
  });

  test('puts the boot partitions of an eMMC in front', () => {
    const rows = ['P 0x04 fsbl1 Binary mmc1 boot1 fsbl.stm32', 'P 0x10 rootfs FileSystem mmc1 0x80000 rootfs.ext4'];
    expect(map(rows, { bootBytes: 4 * MIB })).toEqual([
      ['boot1', 0, 4 * MIB, 'written'],
      ['table', 0, 0x4400, 'written'],
      ['gap', 0x4400, 0x80000 - 0x4400, 'kept'],
      ['rootfs', 0x80000, undefined, 'written'],
    ]);
  });

  test('has no tables on raw flash', () => {
    const rows = ['P 0x04 fsbl1 Binary nor0 0x0 fsbl.stm32', 'PE 0x05 rest Binary nor0 0x40000 none'];
    expect(map(rows, { sizeBytes: MIB })).toEqual([
      ['fsbl1', 0, 0x40000, 'written'],
      ['rest', 0x40000, MIB - 0x40000, 'created'],
    ]);
  });

  test('is one area for an image of the whole device', () => {
    expect(map(['PED 0x10 card RawImage mmc0 0x0 none'], { sizeBytes: MIB })).toEqual([['card', 0, MIB, 'erased']]);
  });

  test('has no sizes where an offset cannot be read', () => {
    const rows = ['P 0x04 fsbl1 Binary mmc0 17K fsbl.stm32', 'P 0x05 fsbl2 Binary mmc0 0x44400 fsbl.stm32'];
    expect(map(rows)).toEqual([
      ['fsbl1', undefined, undefined, 'written'],
      ['fsbl2', 0x44400, undefined, 'written'],
    ]);
  });
});
