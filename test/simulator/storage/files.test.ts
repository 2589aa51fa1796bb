import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fileStorage } from '../../../src/simulator/storage/files.ts';
import type { StorageSpec } from '../../../src/simulator/storage/spec.ts';

const GIB = 2 ** 30;
const MIB = 2 ** 20;
const SPEC: StorageSpec = {
  mmc: {
    0: { kind: 'sd', sizeBytes: 64 * GIB, bootBytes: 0, eraseGroupBytes: 512 },
    1: { kind: 'emmc', sizeBytes: 8 * GIB, bootBytes: 4 * MIB, eraseGroupBytes: 512 * 1024 },
  },
  mtd: {
    nor0: { kind: 'nor', sizeBytes: MIB, eraseBlockBytes: 65_536, pageBytes: 256, partitions: '-(all)' },
    nand0: {
      kind: 'nand',
      sizeBytes: 4 * MIB,
      eraseBlockBytes: 131_072,
      pageBytes: 2048,
      partitions: '2m(fsbl),-(UBI)',
      badBlocks: [3],
    },
  },
};

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'phaseline-storage-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function open(spec = SPEC) {
  return fileStorage(spec, 776, folder);
}

/** Bytes that a file takes on the disk. */
function diskBytes(name: string): number {
  return statSync(join(folder, name)).blocks * 512;
}

function card(storage: ReturnType<typeof open>, index = 0) {
  const device = storage.mmc.get(index);
  if (!device) throw new Error(`no mmc${index}`);
  return device;
}

describe('storage in files', () => {
  test('a card of 64 GiB costs no disk, also after zeros were written and it was erased', () => {
    const storage = open();
    expect(statSync(join(folder, 'mmc0.img')).size).toBe(64 * GIB);
    for (let i = 0; i < 8; i += 1) card(storage).write(0, i * 8 * MIB, new Uint8Array(8 * MIB));
    card(storage).erase(0, MIB, 60 * GIB);
    storage.close();
    expect(diskBytes('mmc0.img')).toBe(0);
  });

  test('data between zeros costs its own size', () => {
    const storage = open();
    const chunk = new Uint8Array(8 * MIB);
    chunk.fill(7, MIB + 100, MIB + 5000);
    card(storage).write(0, 17_408, chunk);
    expect(Buffer.from(chunk).equals(card(storage).read(0, 17_408, chunk.length) ?? chunk.subarray(1))).toBe(true);
    storage.close();
    expect(diskBytes('mmc0.img')).toBeLessThanOrEqual(32_768);
  });

  test('zeros over data are zeros', () => {
    const storage = open();
    card(storage).write(0, 0, new Uint8Array(20_000).fill(9));
    card(storage).write(0, 5000, new Uint8Array(10_000));
    const read = card(storage).read(0, 0, 20_000);
    expect(read).toEqual(new Uint8Array(20_000).fill(9).fill(0, 5000, 15_000));
    card(storage).erase(0, 0, card(storage).sizeBytes);
    expect(card(storage).read(0, 0, 20_000)).toEqual(new Uint8Array(20_000));
    storage.close();
    expect(diskBytes('mmc0.img')).toBe(0);
  });

  test('what was written is there when it is opened again', () => {
    const first = open();
    const structure = new Uint8Array(776);
    new DataView(structure.buffer).setUint32(0, 2, true);
    new DataView(structure.buffer).setUint32(8 + 8 * 5, 0x1234, true);
    new DataView(structure.buffer).setUint32(12 + 8 * 5, 0x8000_0000, true);
    card(first).write(0, GIB, Uint8Array.of(1, 2, 3));
    card(first, 1).write(2, 100, Uint8Array.of(4));
    card(first, 1).setExtCsd({ PARTITION_CONFIG_179: 0x50, BOOT_BUS_177: 0 });
    first.mtd.get('nand0')?.markBad(0);
    first.mtd.get('nor0')?.write(9, Uint8Array.of(5));
    first.otp.burn(structure);
    first.pmic.write(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
    first.close();

    const again = open();
    expect(card(again).read(0, GIB, 3)).toEqual(Uint8Array.of(1, 2, 3));
    expect(card(again, 1).read(2, 100, 1)).toEqual(Uint8Array.of(4));
    expect(card(again, 1).extCsd).toEqual({ PARTITION_CONFIG_179: 0x50, BOOT_BUS_177: 0 });
    expect(again.mtd.get('nand0')?.badBlocks).toEqual([0, 3]);
    expect(again.mtd.get('nor0')?.read(9, 1)).toEqual(Uint8Array.of(5));
    expect(again.otp.value(5)).toBe(0x1234);
    expect(again.pmic.read()).toEqual(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
    again.close();
  });

  test('the JSON files tell which boot partition is active, and the geometry of the NAND', () => {
    const storage = open();
    const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
    expect(read('mmc1.json')).toMatchObject({ bootPartition: 'none', bootAck: false });
    card(storage, 1).setExtCsd({ PARTITION_CONFIG_179: 0x48, BOOT_BUS_177: 0 });
    expect(read('mmc1.json')).toMatchObject({ PARTITION_CONFIG_179: 0x48, bootPartition: 'boot1', bootAck: true });
    expect(read('nand0.json')).toEqual({
      kind: 'nand',
      sizeBytes: 4 * MIB,
      eraseBlockBytes: 131_072,
      pageBytes: 2048,
      badBlocks: [3],
      partitions: [
        { name: 'fsbl', offset: 0, sizeBytes: 2 * MIB },
        { name: 'UBI', offset: 2 * MIB, sizeBytes: 2 * MIB },
      ],
    });
    expect(readFileSync(join(folder, 'nand0.img')).every((byte) => byte === 0xff)).toBe(true);
    storage.close();
  });

  test('a card that is there keeps its size', () => {
    writeFileSync(join(folder, 'mmc0.img'), 'content');
    truncateSync(join(folder, 'mmc0.img'), MIB);
    const storage = open();
    expect(card(storage).sizeBytes).toBe(MIB);
    expect(card(storage).read(0, 0, 7)).toEqual(new TextEncoder().encode('content'));
    storage.close();
  });

  test.each([
    ['mmc0.img', 'x', 'mmc0.img: 1 bytes is no multiple of 512'],
    ['nor0.img', 'x', 'nor0.img: 1 bytes instead of 1048576'],
    ['otp.bin', 'x', 'otp.bin: 1 bytes instead of 768'],
    ['mmc1.json', '{}', 'mmc1.json: PARTITION_CONFIG_179 and BOOT_BUS_177 are no bytes'],
    ['mmc1.json', '{', 'mmc1.json: '],
    ['nand0.json', '{"badBlocks":[32]}', 'nand0.json: badBlocks is no list of block numbers below 32'],
  ])('%s that is not what it should be is named', (name, text, message) => {
    writeFileSync(join(folder, name), text);
    expect(open).toThrow(expect.objectContaining({ code: 'files/format', message: expect.stringContaining(message) }));
  });

  test('a folder that cannot be made is named', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => fileStorage(SPEC, 776, join(folder, 'file/sub'))).toThrow(
      expect.objectContaining({ code: 'files/unreadable' }),
    );
  });

  test('closing twice is allowed', () => {
    const storage = open();
    storage.close();
    storage.close();
  });
});
