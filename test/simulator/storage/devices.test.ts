import { describe, expect, test } from 'vitest';
import { type BoardStorage, memoryStorage } from '../../../src/simulator/storage/board-storage.ts';

const SPEC = {
  mmc: {
    0: { kind: 'sd', sizeBytes: 65_536, bootBytes: 0, eraseGroupBytes: 512 },
    1: { kind: 'emmc', sizeBytes: 65_536, bootBytes: 4096, eraseGroupBytes: 4096 },
  },
  mtd: {
    nor0: { kind: 'nor', sizeBytes: 4096, eraseBlockBytes: 1024, pageBytes: 256, partitions: '' },
    nand0: { kind: 'nand', sizeBytes: 4096, eraseBlockBytes: 1024, pageBytes: 256, partitions: '', badBlocks: [2] },
  },
} as const;

function mmc(storage: BoardStorage, index: number) {
  const device = storage.mmc.get(index);
  if (!device) throw new Error(`no mmc${index}`);
  return device;
}

function mtd(storage: BoardStorage, name: string) {
  const device = storage.mtd.get(name);
  if (!device) throw new Error(`no ${name}`);
  return device;
}

const DATA = Uint8Array.from({ length: 1024 }, (_, i) => i & 0xff);

describe('a card', () => {
  test('has boot partitions only if it is an eMMC', () => {
    const storage = memoryStorage(SPEC, 776);
    expect(mmc(storage, 0).write(1, 0, DATA)).toBe(false);
    expect(mmc(storage, 1).write(2, 0, DATA)).toBe(true);
    expect(mmc(storage, 1).read(2, 0, 1024)).toEqual(DATA);
    expect(mmc(storage, 1).read(1, 0, 1024)).toEqual(new Uint8Array(1024));
  });

  test('refuses what is beyond its end', () => {
    const card = mmc(memoryStorage(SPEC, 776), 0);
    expect(card.write(0, 65_024, DATA)).toBe(false);
    expect(card.read(0, 65_024, 1024)).toBeUndefined();
    expect(card.erase(0, 65_024, 1024)).toBe(false);
  });

  test('fails once more than so many bytes were written, until the power was gone', () => {
    const storage = memoryStorage(SPEC, 776);
    const card = mmc(storage, 1);
    card.defects.failAfterBytes = 2048;
    expect([card.write(0, 0, DATA), card.write(1, 0, DATA), card.write(0, 1024, DATA)]).toEqual([true, true, false]);
    expect(card.read(0, 1024, 1024)).toEqual(new Uint8Array(1024));
    storage.powerCycle();
    expect(card.write(0, 1024, DATA)).toBe(true);
  });

  test('a write that covers a bad place lands up to it', () => {
    const card = mmc(memoryStorage(SPEC, 776), 0);
    card.defects.failWriteAt = 600;
    expect(card.write(0, 0, DATA)).toBe(false);
    expect(card.read(0, 0, 1024)?.findIndex((byte, i) => byte !== DATA[i])).toBe(600);
    expect(card.write(0, 1024, DATA)).toBe(true);
  });

  test('turns over the bit it was told to, whenever that is written', () => {
    const card = mmc(memoryStorage(SPEC, 776), 0);
    card.defects.flipBit = { offset: 5, bit: 3 };
    card.write(0, 0, DATA);
    expect(card.read(0, 5, 1)).toEqual(Uint8Array.of(5 ^ 8));
    card.write(0, 1024, DATA);
    expect(card.read(0, 1024, 1024)).toEqual(DATA);
  });

  test('that is not there answers nothing', () => {
    const card = mmc(memoryStorage(SPEC, 776), 0);
    card.defects.absent = true;
    expect([card.read(0, 0, 1), card.write(0, 0, DATA), card.erase(0, 0, 512)]).toEqual([undefined, false, false]);
  });
});

describe('a flash chip', () => {
  test('is FF when new and after an erase', () => {
    const chip = mtd(memoryStorage(SPEC, 776), 'nor0');
    expect(chip.read(0, 2)).toEqual(Uint8Array.of(0xff, 0xff));
    chip.write(1000, DATA.subarray(0, 100));
    expect(chip.erase(1030)).toBe(true);
    expect(chip.read(1023, 2)).toEqual(Uint8Array.of(23, 0xff));
  });

  test('bad blocks of a NAND neither erase nor heal', () => {
    const chip = mtd(memoryStorage(SPEC, 776), 'nand0');
    expect([chip.isBad(2047), chip.isBad(2048), chip.erase(2048)]).toEqual([false, true, false]);
    chip.defects.wornBlocks.add(0);
    expect(chip.erase(0)).toBe(false);
    expect(chip.markBad(0)).toBe(true);
    expect(chip.badBlocks).toEqual([0, 2]);
  });

  test('a NOR cannot mark blocks bad', () => {
    expect(mtd(memoryStorage(SPEC, 776), 'nor0').markBad(0)).toBe(false);
  });
});

describe('the fuses', () => {
  test.each([
    [776, 96],
    [2952, 368],
    [0, 0],
  ])('an alternate of %i bytes shows %i words', (bytes, words) => {
    const { otp } = memoryStorage(SPEC, bytes);
    expect(otp.wordCount).toBe(words);
    if (bytes > 0) expect(otp.read()).toHaveLength(bytes);
  });
});
