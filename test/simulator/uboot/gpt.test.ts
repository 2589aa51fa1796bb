import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../../../src/base/bytes.ts';
import { crc32 } from '../../../src/base/crc32.ts';
import { decodeGpt, encodeGpt, type GptEntry } from '../../../src/simulator/uboot/gpt.ts';
import { layout, RawHost } from './raw-host.ts';

const DISK = 'd3a0b1c2-0405-4607-8809-0a0b0c0d0e0f';
const ENTRY: GptEntry = {
  typeGuid: '19d5df83-11b0-457b-be2c-7559c13142a5',
  uniqueGuid: '4fd84c93-54ef-463f-a7ef-ae25ff887087',
  first: 34,
  last: 0x221,
  bootable: true,
  name: 'fip-a',
};
const SECTORS = 131_072;

/** A disk with what `encodeGpt` writes. */
function disk(entries: readonly GptEntry[] = [ENTRY]): Uint8Array {
  const bytes = new Uint8Array(SECTORS * 512);
  for (const { sector, data } of encodeGpt(SECTORS, new Uint8Array(512).fill(0x11), DISK, entries))
    bytes.set(data, sector * 512);
  return bytes;
}

function decode(bytes: Uint8Array): readonly (GptEntry | undefined)[] | undefined {
  return decodeGpt(SECTORS, (sector, count) => bytes.subarray(sector * 512, (sector + count) * 512));
}

describe('the partition table that U-Boot writes', () => {
  test('protective MBR: one record of type EE over what was there', () => {
    const mbr = disk().subarray(0, 512);
    expect(toHex(mbr.subarray(440, 462))).toBe(`111111111111${'11111111ee111111'}01000000ffff0100`);
    expect(toHex(mbr.subarray(510))).toBe('55aa');
  });

  test('header: places, sizes and checksums of both copies', () => {
    const bytes = disk();
    const primary = bytes.slice(512, 512 + 92);
    expect(toHex(primary.subarray(0, 16))).toBe('4546492050415254000001005c000000');
    expect(toHex(primary.subarray(24, 56))).toBe('0100000000000000ffff0100000000002200000000000000deff010000000000');
    expect(toHex(primary.subarray(56, 88))).toBe('c2b1a0d30504074688090a0b0c0d0e0f02000000000000008000000080000000');
    for (const sector of [1, SECTORS - 1]) {
      const header = bytes.slice(sector * 512, sector * 512 + 92);
      const view = new DataView(header.buffer);
      const [sum, arraySum, arrayAt] = [view.getUint32(16, true), view.getUint32(88, true), view.getUint32(72, true)];
      view.setUint32(16, 0, true);
      expect(crc32(header)).toBe(sum);
      expect(crc32(bytes.subarray(arrayAt * 512, arrayAt * 512 + 128 * 128))).toBe(arraySum);
    }
    expect(new DataView(bytes.buffer).getUint32((SECTORS - 1) * 512 + 72, true)).toBe(SECTORS - 33);
  });

  test('entry: GUIDs in their mixed order, sectors, attribute bit 2, name in UTF-16', () => {
    expect(disk().slice(1024, 1024 + 128)).toEqual(
      fromHex(
        `83dfd519b0117b45be2c7559c13142a5 934cd84fef543f46a7efae25ff887087 2200000000000000 2102000000000000
         0400000000000000 6600690070002d006100 ${'00'.repeat(62)}`,
      ),
    );
  });

  test.each([
    ['as written', () => undefined],
    ['with a damaged primary header', (bytes: Uint8Array) => bytes.fill(0, 512, 520)],
    ['with a damaged primary entry', (bytes: Uint8Array) => bytes.fill(9, 1100, 1101)],
  ])('is read back %s', (_, damage) => {
    const bytes = disk();
    damage(bytes);
    expect(decode(bytes)?.slice(0, 2)).toEqual([ENTRY, undefined]);
  });

  test.each([
    ['without protective MBR', 450, 1],
    ['with a protective MBR that does not start at sector 1', 454, 1],
    ['with both headers damaged', 512, SECTORS * 512 - 512],
  ])('is none %s', (_, from, length) => {
    const bytes = disk();
    bytes.fill(0, from, from + length);
    expect(decode(bytes)).toBeUndefined();
  });
});

describe('the table of a layout', () => {
  test('types, fixed GUIDs, and the rest at random', async () => {
    const host = new RawHost();
    const rows = ['Binary', 'FIP', 'FIP', 'ENV', 'FWU_MDATA', 'ESP', 'System', 'FileSystem', 'FileSystem'];
    const names = ['fsbl1', 'fip-a', 'fip-b', 'env', 'md', 'esp', 'boot', 'rootfs', 'rootfs-a'];
    await host.flashLayout(
      layout(...rows.map((type, i) => `P 0x1${i} ${names[i]} ${type} mmc0 0x${(0x4400 + i * 0x10000).toString(16)}`)),
    );
    const card = host.hw.storage.mmc.get(0);
    const table = decodeGpt(131_072, (sector, count) => card?.read(0, sector * 512, count * 512))?.slice(0, 10) ?? [];
    expect(table.map((entry) => entry && [entry.name, entry.typeGuid.slice(0, 8), entry.bootable])).toEqual([
      ['fsbl1', '8da63339', false],
      ['fip-a', '19d5df83', false],
      ['fip-b', '19d5df83', false],
      ['env', '3de21764', false],
      ['md', '8a7a84a0', false],
      ['esp', 'c12a7328', false],
      ['boot', '0fc63daf', true],
      ['rootfs', '0fc63daf', false],
      ['rootfs-a', '0fc63daf', false],
      undefined,
    ]);
    expect(table[1]?.uniqueGuid).toBe('4fd84c93-54ef-463f-a7ef-ae25ff887087');
    expect(table[2]?.uniqueGuid).toBe('09c54952-d5bf-45af-acee-335303766fb3');
    expect(table[7]?.uniqueGuid).toBe('e91c4e10-16e6-4c0e-bd0e-77becf4a3582');
    // Only the first root file system of a device has the fixed one.
    expect(new Set(table.map((entry) => entry?.uniqueGuid)).size).toBe(10);
    expect(table[8]).toMatchObject({ first: 0x84400 / 512, last: 131_072 - 36 });
  });

  test('is written only where every row is selected, and not for RawImage', async () => {
    const host = new RawHost();
    await host.flashLayout(layout('P 0x10 sd RawImage mmc0 0x0', 'P 0x11 boot Binary mmc1 boot1'));
    for (const card of host.hw.storage.mmc.values()) expect(card.read(0, 0, 1024)).toEqual(new Uint8Array(1024));
  });

  test('rows that the command has no room for are left out, and the board comes back without them', async () => {
    const host = new RawHost();
    const rows = Array.from({ length: 128 }, (_, i) => `P ${i + 16} p${i} Binary mmc0 ${0x4400 + i * 512}`);
    await host.flashLayout(layout(...rows));
    expect(await host.alternates()).toHaveLength(108);
    const configuration = await host.control(0x80, 6, 0x200, 0, 4096);
    expect(configuration).toHaveLength(9 + 9 * 131 + 9);
  });
});
