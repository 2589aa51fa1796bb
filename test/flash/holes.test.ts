import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Bytes, concatBytes, type Extent } from '../../src/base/bytes.ts';
import { boardProfile } from '../../src/simulator/profiles.ts';
import { memoryStorage } from '../../src/simulator/storage/board-storage.ts';
import { countingBus } from '../bench/counting-bus.ts';
import { makePattern } from '../image/make.ts';
import { type Bench, flash, makeBench } from './harness.ts';
import { bootFiles, layoutText } from './layouts.ts';
import { patternsIn, sparseBytes } from './sparse-bytes.ts';

const DK2 = 'stm32mp157c-dk2';
const GIB = 2 ** 30;
const FOUR_GIB = 4 * GIB;
const SECTOR = 512;
const BOOT = bootFiles('mp15');
/** Of the partition with holes, and of those before and behind it. */
const START = 0x44400;
const BEFORE = { at: 0x4400, data: makePattern(5000, 71) };
const BEHIND = { at: START + 5 * GIB, data: makePattern(70_000, 72) };

function bigCard(): Bench {
  const { chip } = boardProfile(DK2);
  const card = { kind: 'sd', sizeBytes: 8 * GIB, bootBytes: 0, eraseGroupBytes: SECTOR } as const;
  return makeBench(DK2, { storage: memoryStorage({ mmc: { 0: card }, mtd: {} }, chip.otpSize) });
}

/** A stretch of the partition that is looked at from its first to its last byte. */
interface Window extends Extent {
  readonly before: Uint8Array;
}

const OLD_BYTES = 64 * 1024;

/** Old content around the start and around 4 GiB of the partition. */
function fillWindows(bench: Bench): readonly Window[] {
  return [0, FOUR_GIB - OLD_BYTES / 2].map((offset, index) => {
    const before = makePattern(OLD_BYTES, 90 + index);
    bench.board.storage.mmc.get(0)?.write(0, START + offset, before);
    return { offset, length: OLD_BYTES, before };
  });
}

const endOf = ({ offset, length }: Extent) => offset + length;

/**
 * What may not be: a mapped byte that is not the image's; below 4 GiB a sector without mapped bytes that is not as
 * before, but for the one sector that a run beyond 4 GiB has to begin in; anything else behind the image's last range.
 */
function wrongIn(bench: Bench, { offset, length, before }: Window, mapped: readonly Extent[], image: Uint8Array) {
  const card = bench.board.storage.mmc.get(0)?.read(0, START + offset, length) as Uint8Array;
  const end = Math.max(0, ...mapped.map(endOf));
  const isMapped = new Uint8Array(length);
  for (const extent of mapped)
    isMapped.fill(1, Math.max(0, extent.offset - offset), Math.max(0, endOf(extent) - offset));
  const wrong: string[] = [];
  for (let at = 0; at < length; at += SECTOR) {
    const inRunBeyond = end > FOUR_GIB && offset + at >= FOUR_GIB - SECTOR && offset + at < end;
    const untouched = !inRunBeyond && !isMapped.subarray(at, at + SECTOR).includes(1);
    for (let i = at; i < at + SECTOR; i += 1) {
      const kind = isMapped[i] ? 'mapped' : 'hole';
      if (isMapped[i] ? card[i] !== image[i] : untouched && card[i] !== before[i]) wrong.push(`${kind} ${offset + i}`);
    }
  }
  return wrong.slice(0, 5);
}

/** Ranges of whole units with holes between, from the start of a window on. */
function rangesFrom(
  start: number,
  unit: number,
  lengths: readonly (readonly [hole: number, data: number])[],
): Extent[] {
  let at = start;
  return lengths.map(([hole, data]) => {
    const extent = { offset: at + hole * unit, length: data * unit };
    at = endOf(extent);
    return extent;
  });
}

const units = fc.constantFrom(1, SECTOR, 4096);
const lengths = fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 4 })), { maxLength: 4 });
const near4GiB = fc.integer({ min: -8, max: 4 }).map((blocks) => FOUR_GIB + blocks * 4096);

describe('an image with holes', () => {
  test('ends up on the card in every mapped range, and leaves the rest and its neighbours alone', async () => {
    await fc.assert(
      fc.asyncProperty(
        units,
        lengths,
        units,
        lengths,
        near4GiB,
        fc.boolean(),
        async (u1, first, u2, second, from, atStart) => {
          const high = rangesFrom(from, u2, second);
          const low = rangesFrom(atStart ? -u1 * (first[0]?.[0] ?? 0) : 0, u1, first);
          const mapped = [...low, ...high];
          fc.pre(mapped.length > 0);
          const size = endOf(mapped.at(-1) as Extent) + 3000;
          const image = sparseBytes(size, patternsIn(mapped));
          const bench = bigCard();
          const windows = fillWindows(bench);
          const { result } = await flash(bench, {
            layout: layoutText(
              ...BOOT.rows,
              `P 0x04 before Binary mmc0 0x${BEFORE.at.toString(16)} before.bin`,
              `P 0x10 holes FileSystem mmc0 0x${START.toString(16)} holes.img`,
              `P 0x11 behind FileSystem mmc0 0x${BEHIND.at.toString(16)} behind.bin`,
            ),
            images: { ...BOOT.images, 'before.bin': BEFORE.data, 'holes.img': image, 'behind.bin': BEHIND.data },
          });
          expect(result).toMatchObject({ code: 'ok' });
          for (const window of windows) {
            const wanted = await image.read(window.offset, window.length);
            expect(wrongIn(bench, window, mapped, wanted)).toEqual([]);
          }
          const card = bench.board.storage.mmc.get(0);
          for (const { at, data } of [BEFORE, BEHIND]) expect(card?.read(0, at, data.length)).toEqual(data);
        },
      ),
      { numRuns: 20 },
    );
  }, 120_000);

  /** A card full of 0xAA, flashed with this image; and the warnings. */
  async function flashed(image: Uint8Array | Bytes, options: { readonly skipHoles?: boolean } = {}) {
    const bench = makeBench(DK2);
    bench.board.storage.mmc
      .get(0)
      ?.medium(0)
      ?.fill(0, 2 ** 20, 0xaa);
    const bus = countingBus(bench.bus);
    const run = await flash(bench, {
      layout: layoutText(...BOOT.rows, 'P 0x10 card RawImage mmc0 0x0 card.img'),
      images: { ...BOOT.images, 'card.img': image },
      bus,
      ...options,
    });
    const warnings = run.events.flatMap((event) => (event.event === 'warning' ? [event.message] : []));
    const card = (offset: number, length: number) => bench.board.storage.mmc.get(0)?.read(0, offset, length);
    return { ...run, warnings, card, transfers: bus.transfers };
  }
  const AA = (length: number) => new Uint8Array(length).fill(0xaa);
  const THREE = [0, 65_536, 200_704].map((offset) => ({ offset, length: 4096 }));

  test('is counted by what is sent of it', async () => {
    const image = sparseBytes(300_000, patternsIn(THREE));
    const { result, events } = await flashed(image);
    const hash = createHash('sha256');
    for (const { offset, length } of THREE) hash.update(await image.read(offset, length));
    const sizes = { bytes: 12_288, imageBytes: 300_000 };
    expect(result.phases.at(-1)).toMatchObject({
      ...sizes,
      bytesDone: 12_288,
      complete: true,
      sha256: hash.digest('hex'),
    });
    expect(events.filter(({ event }) => event === 'phase').at(-1)).toMatchObject({ ...sizes, extents: 3 });
    expect(events.filter(({ event }) => event === 'progress').at(-1)).toMatchObject({
      bytesDone: 12_288,
      bytesTotal: 12_288,
    });
  });

  test('is sent whole, holes as zeros, where the user wants it so', async () => {
    const { result, card, warnings } = await flashed(sparseBytes(300_000, patternsIn(THREE)), { skipHoles: false });
    expect(result.phases.at(-1)).toMatchObject({ bytes: 300_000, bytesDone: 300_000 });
    expect(card(4096, 4096)).toEqual(new Uint8Array(4096));
    expect(warnings).toEqual([]);
  });

  test('costs at most 16 transfers more for each range', async () => {
    const blocks = (bytes: number) => 2 * (bytes / 4096);
    const whole = await flashed(makePattern(40_960));
    const ten = Array.from({ length: 10 }, (_, i) => ({ offset: (2 * i + 1) * 8192, length: 4096 }));
    const holes = await flashed(sparseBytes(300_000, patternsIn(ten)));
    const more = holes.transfers - blocks(40_960) - (whole.transfers - blocks(40_960));
    expect(holes.result.ok && whole.result.ok).toBe(true);
    expect(more).toBeGreaterThan(0);
    expect(more / ten.length).toBeLessThanOrEqual(16);
  });

  test('that is nothing but a hole costs one sector, and says so', async () => {
    const { result, card, warnings } = await flashed(sparseBytes(300_000, []));
    expect(result).toMatchObject({ ok: true });
    expect(card(0, 1024)).toEqual(concatBytes([new Uint8Array(512), AA(512)]));
    expect(warnings).toEqual(['card.img: all of it is a hole; its first sector is sent, as the board waits for one']);
  });

  test('is not what plain zeros make', async () => {
    const { result, card } = await flashed(new Uint8Array(300_000));
    expect(result.phases.at(-1)).toMatchObject({ bytes: 300_000 });
    expect(card(0, 300_000)).toEqual(new Uint8Array(300_000));
  });

  test('goes to a boot partition whole, and the reason is told', async () => {
    const bench = makeBench('stm32mp257f-ev1');
    const boot = bootFiles('mp25');
    const { result, events } = await flash(bench, {
      layout: layoutText(...boot.rows, 'P 0x04 fsbl1 Binary mmc1 boot1 a.bin'),
      images: { ...boot.images, 'a.bin': sparseBytes(20_000, patternsIn([{ offset: 512, length: 512 }])) },
    });
    expect(result).toMatchObject({ ok: true });
    expect(result.phases.at(-1)).toMatchObject({ bytes: 20_000 });
    expect(events.filter(({ event }) => event === 'warning')).toMatchObject([
      { message: 'a.bin: it is sent with its holes as zeros: each download to boot1 makes it the boot partition' },
    ]);
  });
});
