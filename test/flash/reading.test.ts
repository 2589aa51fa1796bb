import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { concatBytes, equalBytes } from '../../src/base/bytes.ts';
import { PhaselineError } from '../../src/base/errors.ts';
import type { FramedEvent } from '../../src/flash/events.ts';
import type { Reading, WantedPartition } from '../../src/flash/reading.ts';
import { boardProfile } from '../../src/simulator/profiles.ts';
import { type BoardStorage, memoryStorage } from '../../src/simulator/storage/board-storage.ts';
import type { Medium } from '../../src/simulator/storage/medium.ts';
import { makePattern } from '../image/make.ts';
import { type BenchOptions, type FlashOptions, flash, makeBench } from './harness.ts';
import { bootFiles, layoutText } from './layouts.ts';

const EV1 = 'stm32mp157c-ev1';
const BOOT = bootFiles('mp15');
const MIB = 2 ** 20;

/** A board with an eMMC, an SD card, NOR and NAND, all small enough to be looked at as a whole. */
function smallStorage(): BoardStorage {
  const { chip, storage } = boardProfile(EV1);
  const sd = { ...storage.mmc[0], sizeBytes: 8 * MIB } as const;
  const emmc = { ...storage.mmc[1], sizeBytes: 16 * MIB, bootBytes: MIB } as const;
  const nor = { ...storage.mtd.nor0, sizeBytes: 4 * MIB, partitions: '256k(fsbl1),-(rest)' } as const;
  const nand = { ...storage.mtd.nand0, sizeBytes: 8 * MIB, partitions: '2m(fsbl),-(UBI)' } as const;
  const spec = { mmc: { 0: sd, 1: emmc }, mtd: { nor0: nor, nand0: nand } };
  return memoryStorage(spec as Parameters<typeof memoryStorage>[0], chip.otpSize);
}

const ROWS = [
  'P 0x04 fsbl1 Binary mmc1 boot1 boot.bin',
  'P 0x05 fsbl2 Binary mmc1 boot2 boot.bin',
  'P 0x06 nor-fsbl Binary nor0 0x0 boot.bin',
  'P 0x07 nor-rest Binary nor0 0x40000 boot.bin',
  'P 0x08 nand-fsbl Binary nand0 0x0 boot.bin',
  'P 0x09 UBI System nand0 0x200000 boot.bin',
  'P 0x10 bootfs System mmc0 0x4400 bootfs.img',
  'P 0x11 rootfs FileSystem mmc0 0x104400 rootfs.img',
  'P 0x12 userfs FileSystem mmc1 0x80000 rootfs.img',
];
const IMAGES = {
  'boot.bin': makePattern(200_001, 3),
  'bootfs.img': makePattern(MIB, 4),
  'rootfs.img': makePattern(700_000, 5),
};
const unselected = (row: string) => row.replace(/^P(.*) \S+$/, '-$1 none');

function mediaOf(storage: BoardStorage): ReadonlyMap<string, Medium> {
  const media = new Map<string, Medium>();
  for (const [index, mmc] of storage.mmc) {
    for (const part of [0, 1, 2] as const) {
      const medium = mmc.medium(part);
      if (medium) media.set(`mmc${index}.${part}`, medium);
    }
  }
  for (const [name, { medium }] of storage.mtd) media.set(name, medium);
  return media;
}

/** Everything that the board remembers, as one digest a medium. */
function stateOf(storage: BoardStorage): Readonly<Record<string, string>> {
  const digests = [...mediaOf(storage)].map(([name, medium]) => {
    return [name, createHash('sha256').update(medium.read(0, medium.size)).digest('hex')];
  });
  const rest = JSON.stringify([
    storage.mmc.get(1)?.extCsd,
    [...storage.otp.read()],
    [...storage.pmic.read()],
    [...storage.mtd.values()].map(({ badBlocks }) => badBlocks),
  ]);
  return { ...Object.fromEntries(digests), rest };
}

/** Saves into memory; the names of what was kept, with the bytes, and of what was dropped. */
function memorySaver(partitions: readonly WantedPartition[], failing?: Error) {
  const kept = new Map<string, Uint8Array>();
  const dropped: string[] = [];
  const reading: Reading = {
    partitions,
    save: async ({ name }) => {
      const pieces: Uint8Array[] = [];
      return {
        path: `out/${name}`,
        write: async (data) => {
          if (failing && pieces.length > 3) throw failing;
          pieces.push(data);
        },
        keep: async () => void kept.set(name, concatBytes(pieces)),
        drop: async () => void dropped.push(name),
      };
    },
  };
  return { reading, kept, dropped };
}

const wanted = (id: number, name: string, bytes?: number, mayBeShorter = false): WantedPartition => ({
  id,
  name,
  bytes,
  mayBeShorter,
});
const ALL = [
  wanted(0x04, 'fsbl1'),
  wanted(0x05, 'fsbl2'),
  wanted(0x06, 'nor-fsbl', 256 * 1024),
  wanted(0x07, 'nor-rest'),
  wanted(0x08, 'nand-fsbl', 2 * MIB, true),
  wanted(0x09, 'UBI', undefined, true),
  wanted(0x10, 'bootfs', MIB),
  wanted(0x11, 'rootfs'),
  wanted(0x12, 'userfs'),
];

describe('reading partitions', () => {
  let storage: BoardStorage;
  beforeEach(async () => {
    storage = smallStorage();
    const bench = makeBench(EV1, { storage, faults: ['bad-block nand0 1'] });
    const { result } = await flash(bench, {
      layout: layoutText(...BOOT.rows, ...ROWS),
      images: { ...BOOT.images, ...IMAGES },
    });
    expect(result).toMatchObject({ code: 'ok' });
  });

  /** Reads with all rows unselected. */
  function read(reading: Reading, options: BenchOptions & Partial<FlashOptions> = {}, rows = ROWS.map(unselected)) {
    const { faults = [], ...change } = options;
    const bench = makeBench(EV1, { storage, faults });
    const job = { layout: layoutText(...BOOT.rows, ...rows), images: BOOT.images, reading, ...change };
    return { bench, run: flash(bench, job) };
  }

  test('gives all of each, whatever it lies on, and leaves everything on the board as it was', async () => {
    const before = stateOf(storage);
    const { reading, kept } = memorySaver(ALL);
    const { result, story } = await read(reading).run;
    expect(result).toMatchObject({ ok: true, verified: 'none' });
    expect(stateOf(storage)).toEqual(before);
    const [sd, emmc, nor] = [storage.mmc.get(0), storage.mmc.get(1), storage.mtd.get('nor0')];
    const sdEnd = 8 * MIB - 35 * 512;
    const whole = {
      fsbl1: emmc?.read(1, 0, MIB),
      fsbl2: emmc?.read(2, 0, MIB),
      'nor-fsbl': nor?.read(0, 256 * 1024),
      'nor-rest': nor?.read(256 * 1024, 4 * MIB - 256 * 1024),
      bootfs: sd?.read(0, 0x4400, MIB),
      rootfs: sd?.read(0, 0x104400, sdEnd - 0x104400),
      userfs: emmc?.read(0, 0x80000, 16 * MIB - 2 * 0x80000),
    };
    const same = (name: string, bytes: Uint8Array = new Uint8Array(0)) =>
      equalBytes(kept.get(name) ?? new Uint8Array(1), bytes);
    for (const [name, bytes] of Object.entries(whole)) expect([name, same(name, bytes)]).toEqual([name, true]);
    // One of the erase blocks is bad, and stepped over.
    expect(kept.get('nand-fsbl')?.length).toBe(2 * MIB - 128 * 1024);
    for (const name of ['nand-fsbl', 'UBI']) {
      const start = kept.get(name)?.subarray(0, 200_001) ?? new Uint8Array(0);
      expect([name, equalBytes(start, IMAGES['boot.bin'])]).toEqual([name, true]);
    }
    expect(story.slice(-4)).toEqual(['read reading 0x12', 'read saved 0x12', 'detach uboot', 'result ok']);
  });

  test('tells what it saves, with sizes, digests and progress', async () => {
    const { reading, kept } = memorySaver([wanted(0x10, 'bootfs', MIB), wanted(0x11, 'rootfs')]);
    const { result, events } = await read(reading).run;
    const sha256 = createHash('sha256')
      .update(kept.get('bootfs') as Uint8Array)
      .digest('hex');
    const saved = { id: '0x10', name: 'bootfs', file: 'out/bootfs', bytes: MIB, sha256 };
    expect(result.saved?.[0]).toEqual(saved);
    const told = events.filter(({ event }) => event === 'read');
    expect(told[0]).toMatchObject({ step: 'reading', bytes: MIB, index: 1, count: 2, jobBytesBefore: 0 });
    expect(told[1]).toMatchObject({ step: 'saved', ...saved });
    expect(told[2]).toMatchObject({ step: 'reading', id: '0x11', jobBytesBefore: MIB });
    const progress = events.slice(events.indexOf(told[0] as FramedEvent)).find(({ event }) => event === 'progress');
    expect(progress).toMatchObject({ id: '0x10', bytesTotal: MIB });
  });

  test('reads a whole card without a partition table, by a RawImage row', async () => {
    storage.mmc.get(0)?.medium(0)?.fill(0, 1024, 0);
    const { reading, kept } = memorySaver([wanted(0x10, 'card')]);
    const { result } = await read(reading, {}, ['- 0x10 card RawImage mmc0 0x0 none']).run;
    expect(result).toMatchObject({ code: 'ok' });
    const card = storage.mmc.get(0)?.read(0, 0, 8 * MIB) as Uint8Array;
    expect(equalBytes(kept.get('card') as Uint8Array, card)).toBe(true);
  });

  test.each([
    ['none at all', ROWS.map(unselected), true],
    ['other sizes', ROWS.map(unselected).map((row) => row.replace('0x104400', '0x144400')), false],
  ])('says so when the board’s partition table is another one: %s', async (_name, rows, wipe) => {
    if (wipe) storage.mmc.get(0)?.medium(0)?.fill(0, 1024, 0);
    const before = stateOf(storage);
    const { reading, kept } = memorySaver([wanted(0x10, 'bootfs')]);
    const { result } = await read(reading, {}, rows).run;
    expect(result).toMatchObject({ ok: false, exitCode: 6, code: 'board/partition-table' });
    expect(kept.size).toBe(0);
    expect(stateOf(storage)).toEqual(before);
  });

  test.each([
    ['less', wanted(0x10, 'bootfs', MIB + 512), 'phase 0x10 bootfs: phase 0x10 bootfs gives only 1048576 bytes'],
    ['more', wanted(0x10, 'bootfs', MIB - 4096), 'gives more than 1044480 bytes'],
  ])('fails when there is %s than the layout tells', async (_name, partition, message) => {
    const { reading, kept, dropped } = memorySaver([partition]);
    const { result, story } = await read(reading).run;
    expect(result).toMatchObject({ ok: false, code: 'dfu/protocol', saved: [] });
    expect(result.message).toContain(message);
    expect([kept.size, dropped]).toEqual([0, ['bootfs']]);
    expect(story.at(-2)).toBe('detach uboot');
  });

  test('ends when nothing more can be saved, keeps what is complete, and detaches the board', async () => {
    const full = new PhaselineError('read/unwritten', 'out/rootfs cannot be saved: the disk is full (ENOSPC)');
    const whole = memorySaver([wanted(0x10, 'bootfs', MIB)]);
    const broken = memorySaver([wanted(0x11, 'rootfs')], full);
    const partitions = [...whole.reading.partitions, ...broken.reading.partitions];
    const save: Reading['save'] = (partition) => (partition.id === 0x10 ? whole : broken).reading.save(partition);
    const { result, story } = await read({ partitions, save }).run;
    expect(result).toMatchObject({ ok: false, exitCode: 4, code: 'read/unwritten', message: full.message });
    expect(result.saved).toMatchObject([{ id: '0x10' }]);
    expect(broken.dropped).toEqual(['rootfs']);
    expect(story.at(-2)).toBe('detach uboot');
  });

  test('stops where its user stops it, and drops what is not complete', async () => {
    const stop = new AbortController();
    const { reading, kept, dropped } = memorySaver([wanted(0x10, 'bootfs', MIB)]);
    const { result, story } = await read(reading, {
      signal: stop.signal,
      show: (event) => {
        if (event.event === 'read') stop.abort(new PhaselineError('interrupted/sigint', 'stopped by SIGINT'));
      },
    }).run;
    expect(result).toMatchObject({ ok: false, exitCode: 130 });
    expect([kept.size, dropped]).toEqual([0, ['bootfs']]);
    expect(story.slice(-2)).toEqual(['detach uboot', 'result interrupted/sigint']);
  });

  test('a cable that is pulled is a lost link', async () => {
    const { reading, dropped } = memorySaver([wanted(0x10, 'bootfs', MIB)]);
    const { bench, run } = read(reading, {
      show: (event) => {
        if (event.event === 'read') bench.board.powerOff();
      },
    });
    expect((await run).result).toMatchObject({ ok: false, exitCode: 7 });
    expect(dropped).toEqual(['bootfs']);
  });

  test('from a board that another host has left in U-Boot: it starts from the ROM, and nothing is written', async () => {
    const rows = [...BOOT.rows, ...ROWS];
    const bench = makeBench(EV1, { storage });
    const stop = new AbortController();
    await flash(bench, {
      layout: layoutText(...rows),
      images: { ...BOOT.images, ...IMAGES },
      signal: stop.signal,
      show: (event) => {
        if (event.event === 'phase' && event.id === '0x04') stop.abort(new PhaselineError('usb/gone', 'host gone'));
      },
    });
    expect(bench.board.stage).toBe('uboot');
    const before = stateOf(storage);
    const { reading, kept } = memorySaver([wanted(0x10, 'bootfs', MIB)]);
    const layout = layoutText(...BOOT.rows, ...ROWS.map(unselected));
    const { result } = await flash(bench, { layout, images: BOOT.images, reading });
    expect(result).toMatchObject({ code: 'ok' });
    expect(equalBytes(kept.get('bootfs') as Uint8Array, IMAGES['bootfs.img'])).toBe(true);
    expect(stateOf(storage)).toEqual(before);
  });
});
