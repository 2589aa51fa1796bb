import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Extent, memoryBytes } from '../../src/base/bytes.ts';
import { ERROR_CODES } from '../../src/base/error-codes.ts';
import { isPhaselineError } from '../../src/base/errors.ts';
import { makePattern } from '../image/make.ts';
import { type Bench, type FlashOptions, flash, makeBench } from './harness.ts';
import { bootFiles, layoutText } from './layouts.ts';
import { MemoryJournal } from './memory-journal.ts';
import { patternsIn, sparseBytes } from './sparse-bytes.ts';

const BOOT = bootFiles('mp15');
const MIB = 2 ** 20;

/** Where each file of a layout is to be found on its medium. */
interface Place {
  readonly id: number;
  readonly file: string;
  read(bench: Bench, length: number): Uint8Array | undefined;
}

const onMmc =
  (index: number, offset: number, hardware: 0 | 1 | 2 = 0): Place['read'] =>
  ({ board }, length) =>
    board.storage.mmc.get(index)?.medium(hardware)?.read(offset, length);

const IMAGES = {
  'fsbl.bin': makePattern(5_000, 51),
  'fip.img': makePattern(70_000, 52),
  'boot.img': makePattern(120_001, 53),
  'root.img': makePattern(9 * MIB, 54),
  'user.img': makePattern(30_000, 55),
};
const EMMC: readonly Place[] = [
  { id: 0x04, file: 'fsbl.bin', read: onMmc(1, 0, 1) },
  { id: 0x05, file: 'fsbl.bin', read: onMmc(1, 0, 2) },
  { id: 0x06, file: 'fip.img', read: onMmc(1, 0x8_0000) },
  { id: 0x10, file: 'boot.img', read: onMmc(1, 0x10_0000) },
  { id: 0x11, file: 'root.img', read: onMmc(1, 0x20_0000) },
  { id: 0x12, file: 'user.img', read: onMmc(1, 0x200_0000) },
];
const JOB: FlashOptions = {
  layout: layoutText(
    ...BOOT.rows,
    'P 0x04 fsbl1 Binary mmc1 boot1 fsbl.bin',
    'P 0x05 fsbl2 Binary mmc1 boot2 fsbl.bin',
    'P 0x06 fip FIP mmc1 0x80000 fip.img',
    'PD 0x10 bootfs System mmc1 0x100000 boot.img',
    'PD 0x11 rootfs FileSystem mmc1 0x200000 root.img',
    'PD 0x12 userfs FileSystem mmc1 0x2000000 user.img',
  ),
  images: { ...BOOT.images, ...IMAGES },
};
const ALL = EMMC.map(({ id }) => id);

function isThere(bench: Bench, place: Place, images: FlashOptions['images'] = IMAGES): boolean {
  const image = images[place.file] as Uint8Array;
  return Buffer.from(place.read(bench, image.length) ?? []).equals(image);
}

interface Halted {
  readonly bench: Bench;
  readonly journal: MemoryJournal;
}

/** A job that a loss of power ends there, on a board that comes back in its ROM. */
async function haltedAt(point: string, options: FlashOptions = JOB): Promise<Halted> {
  const bench = makeBench('stm32mp157c-ev1', { faults: [`power-cycle at ${point}`] });
  const journal = new MemoryJournal();
  const { result } = await flash(bench, { ...options, journal });
  expect(result.ok).toBe(false);
  expect(bench.board.stage).toBe('rom');
  return { bench, journal };
}

const hex = (ids: readonly number[]) => ids.map((id) => `0x${id.toString(16).toUpperCase().padStart(2, '0')}`);

describe('a job that goes on behind what an earlier one had proven', () => {
  test.each([
    ['0x04 block 0', []],
    ['0x05 block 1', []],
    ['0x06 block 3', [0x04, 0x05]],
    ['0x10 end', [0x04, 0x05, 0x06]],
    ['0x11 byte 8388607', [0x04, 0x05, 0x06, 0x10]],
    ['0x11 byte 9000000', [0x04, 0x05, 0x06, 0x10]],
    ['0x12 block 0', [0x04, 0x05, 0x06, 0x10, 0x11]],
  ])(
    'when it ended at phase %s: sends the rest whole, and leaves what is finished as it is',
    async (point, finished) => {
      const { bench, journal } = await haltedAt(`phase ${point}`);
      for (const place of EMMC.filter(({ id }) => finished.includes(id))) expect(isThere(bench, place)).toBe(true);
      const written: string[] = [];
      const run = await flash(bench, { ...JOB, journal, resume: journal.content });
      for (const event of run.events) if (event.event === 'phase') written.push(event.id);
      expect(run.result).toMatchObject({ ok: true, code: 'ok' });
      expect(written).toEqual(['0x01', '0x03', '0x00', ...hex(ALL.filter((id) => !finished.includes(id)))]);
      expect(run.result.phases.filter(({ earlier }) => earlier).map(({ id }) => id)).toEqual(hex(finished));
      for (const place of EMMC) expect(isThere(bench, place), hex([place.id])[0]).toBe(true);
      expect(bench.board.storage.mmc.get(1)?.extCsd.PARTITION_CONFIG_179).toBe(0x50);
      expect(journal.text).toBeUndefined();
    },
  );

  test('at any transfer of the storage session, again and again: ends with every file in its place', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 90, max: 700 }), { minLength: 1, maxLength: 3 }),
        async (transfers) => {
          const faults = transfers.map((transfer) => `power-cycle at transfer ${transfer}`);
          const bench = makeBench('stm32mp157c-ev1', { faults });
          const journal = new MemoryJournal();
          const images = { ...JOB.images, 'root.img': makePattern(300_000, 56) };
          let run = await flash(bench, { ...JOB, images, journal });
          for (let again = 0; again < 4 && !run.result.ok; again += 1) {
            const resume = journal.text === undefined ? {} : { resume: journal.content };
            run = await flash(bench, { ...JOB, images, journal, ...resume });
          }
          expect(run.result.ok, run.result.message).toBe(true);
          for (const place of EMMC) expect(isThere(bench, place, images), hex([place.id])[0]).toBe(true);
          expect(journal.text).toBeUndefined();
        },
      ),
      { numRuns: 25 },
    );
  });

  test('when it ended behind the last phase: sends nothing but the way into U-Boot', async () => {
    const bench = makeBench('stm32mp157c-ev1');
    const journal = new MemoryJournal();
    journal.discard = () => undefined;
    await flash(bench, { ...JOB, journal });
    expect(journal.ids).toEqual(ALL);
    bench.board.powerCycle();
    const { result } = await flash(bench, { ...JOB, journal, resume: journal.content });
    expect(result).toMatchObject({ ok: true });
    expect(result.phases.filter(({ earlier }) => !earlier).map(({ id }) => id)).toEqual(['0x01', '0x03']);
    for (const place of EMMC) expect(isThere(bench, place)).toBe(true);
  });

  test('with --verify readback: what is finished is compared as well', async () => {
    const { bench, journal } = await haltedAt('phase 0x11 block 5');
    const { result, story } = await flash(bench, { ...JOB, journal, resume: journal.content, verify: 'readback' });
    expect(result).toMatchObject({ ok: true, verified: 'readback' });
    expect(story.filter((event) => event.startsWith('verify equal'))).toEqual(
      hex(ALL).map((id) => `verify equal ${id}`),
    );
  });

  test('on an image with holes: its ranges are what was proven', async () => {
    const mapped: readonly Extent[] = [
      { offset: 0, length: 4_096 },
      { offset: 65_536, length: 8_192 },
    ];
    const images = { ...JOB.images, 'fip.img': { ...memoryBytes(IMAGES['fip.img']), mapped: [mapped[0] as Extent] } };
    const { bench, journal } = await haltedAt('phase 0x11 block 5', { ...JOB, images });
    const { result } = await flash(bench, { ...JOB, images, journal, resume: journal.content });
    expect(result).toMatchObject({ ok: true });
    const whole = { ...JOB, journal };
    const halted = await haltedAt('phase 0x11 block 5', { ...JOB, images });
    const error = await flash(halted.bench, { ...whole, resume: halted.journal.content }).catch(
      (cause: unknown) => cause,
    );
    expect(isPhaselineError(error, 'resume/differs')).toBe(true);
  });

  test('not on an image that has the same bytes at another place', async () => {
    const pieces = patternsIn([
      { offset: 0, length: 4096 },
      { offset: 8192, length: 4096 },
    ]);
    const moved = pieces.map((piece, index) => ({ ...piece, offset: piece.offset + 4096 * index }));
    const images = { ...JOB.images, 'fip.img': sparseBytes(70_000, pieces) };
    const { bench, journal } = await haltedAt('phase 0x10 block 3', { ...JOB, images });
    const other = { ...images, 'fip.img': sparseBytes(70_000, moved) };
    const error: unknown = await flash(bench, { ...JOB, images: other, resume: journal.content }).catch(
      (reason: unknown) => reason,
    );
    expect(isPhaselineError(error, 'resume/differs')).toBe(true);
  });

  test('on NAND with copies and UBI', async () => {
    const ubi = makePattern(500_000, 57);
    const job: FlashOptions = {
      layout: layoutText(
        ...BOOT.rows,
        'P 0x04 fsbl Binary(2) nand0 0x0 tf-a.stm32',
        'PD 0x05 fip-a1 FIP nand0 0x200000 fip.img',
        'PED 0x06 fip-a2 FIP nand0 0x600000 none',
        'PD 0x10 UBI System nand0 0xA00000 ubi.img',
      ),
      images: { ...BOOT.images, ...IMAGES, 'ubi.img': ubi },
    };
    const { bench, journal } = await haltedAt('phase 0x10 block 60', job);
    expect(journal.ids).toEqual([0x04, 0x05]);
    const { result } = await flash(bench, { ...job, journal, resume: journal.content });
    expect(result).toMatchObject({ ok: true });
    const nand = bench.board.storage.mtd.get('nand0');
    const fsbl = BOOT.images['tf-a.stm32'] as Uint8Array;
    for (const at of [0, 0x2_0000]) expect(Buffer.from(nand?.read(at, fsbl.length) ?? []).equals(fsbl)).toBe(true);
    expect(Buffer.from(nand?.read(0x20_0000, 70_000) ?? []).equals(IMAGES['fip.img'])).toBe(true);
    expect(Buffer.from(nand?.read(0xa0_0000, ubi.length) ?? []).equals(ubi)).toBe(true);
  });
});

describe('a journal', () => {
  test('begins before the layout is sent, and not with a job that fails in the ROM', async () => {
    const journal = new MemoryJournal();
    journal.begin({ serial: 'x', layout: '00'.repeat(32), startedAt: '' }, []);
    const before = journal.text;
    const bench = makeBench('stm32mp157c-ev1', { faults: ['unplug at phase 0x01 block 1'] });
    await flash(bench, { ...JOB, journal });
    expect(journal.text).toBe(before);
    const later = makeBench('stm32mp157c-ev1', { faults: ['unplug at phase 0x00 block 0'] });
    await flash(later, { ...JOB, journal });
    expect(journal.content).toMatchObject({ head: { serial: later.board.serial }, proofs: [] });
  });

  test('has a phase only when the board has asked for the next one', async () => {
    const bench = makeBench('stm32mp157c-ev1', { faults: ['phase 0xFF instead of 0x10'] });
    const journal = new MemoryJournal();
    await flash(bench, { ...JOB, journal });
    expect(journal.ids).toEqual([0x04, 0x05]);
  });

  test('that cannot replace an old one ends the job before the board is written', async () => {
    const journal = new MemoryJournal();
    journal.begin = () => {
      throw new Error('no');
    };
    const bench = makeBench('stm32mp157c-ev1');
    await flash(bench, { ...JOB, journal }).catch(() => undefined);
    for (const place of EMMC) expect(isThere(bench, place)).toBe(false);
  });

  test.each([
    ['another layout', { layout: JOB.layout.replace('0x2000000', '0x2100000') }, 'is about another layout'],
    ['another order of opts', { layout: JOB.layout.replace('PD\t0x10', 'P\t0x10') }, 'is about another layout'],
    [
      'another file',
      { images: { ...JOB.images, 'boot.img': makePattern(120_001, 99) } },
      'boot.img is not what the journal has for phase 0x10 bootfs',
    ],
    [
      'a file of another size',
      { images: { ...JOB.images, 'fip.img': makePattern(70_001, 52) } },
      'fip.img is not what the journal has for phase 0x06 fip',
    ],
  ] as const)('is refused for %s', async (_what, change, says) => {
    const { bench, journal } = await haltedAt('phase 0x11 block 5');
    const error = await flash(bench, { ...JOB, ...change, resume: journal.content }).catch((cause: unknown) => cause);
    expect(isPhaselineError(error, 'resume/differs') && error.message).toContain(says);
    expect(ERROR_CODES['resume/differs'].exit).toBe(2);
    expect(bench.board.stage).toBe('rom');
  });

  test('is not refused for a file that is sent again anyway', async () => {
    const { bench, journal } = await haltedAt('phase 0x11 block 5');
    const images = { ...JOB.images, 'root.img': makePattern(50_000, 58) };
    const { result } = await flash(bench, { ...JOB, images, journal, resume: journal.content });
    expect(result.ok).toBe(true);
    for (const place of EMMC) expect(isThere(bench, place, images)).toBe(true);
  });

  test('does not vouch for another card in the same board: that is found, and the journal is gone', async () => {
    const { bench, journal } = await haltedAt('phase 0x12 block 0');
    bench.board.storage.mmc.get(1)?.medium(0)?.write(0x10_0000, new Uint8Array(IMAGES['boot.img'].length));
    const { result } = await flash(bench, { ...JOB, journal, resume: journal.content });
    expect(result).toMatchObject({ ok: false, code: 'verify/difference', exitCode: 8 });
    expect(result.message).toContain('an earlier job had finished it');
    expect(journal.text).toBeUndefined();
  });
});
