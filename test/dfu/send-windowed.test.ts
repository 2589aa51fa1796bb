import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPhaselineError } from '../../src/base/errors.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { type DownloadOptions, download } from '../../src/dfu/download.ts';
import { windowFor } from '../../src/dfu/send-windowed.ts';
import { dfuOn } from './dfu-on.ts';
import { FAILURES, type Failure, QueuedBoard, type QueuedBoardOptions } from './queued-board.ts';
import { imageOf, inPieces } from './stream.ts';

const BLOCK = 16;
const ALTERNATE = 3;
const BLOCK_MS = 2_000;
/** Blocks that go one by one before a window opens. */
const ALONE = 2;
/** SET_INTERFACE and the GETSTATUS that finds dfuIDLE. */
const BEFORE = 2;

interface Run {
  readonly board: QueuedBoard;
  readonly clock: VirtualClock;
  readonly progress: readonly number[];
  readonly taken: readonly number[];
  readonly outcome: Promise<unknown>;
}

function start(
  image: AsyncIterable<Uint8Array>,
  board: Partial<QueuedBoardOptions>,
  options: Partial<DownloadOptions> = {},
): Run {
  const clock = new VirtualClock();
  const device = new QueuedBoard(clock, { serviceMs: 2, ...board });
  const progress: number[] = [];
  const taken: number[] = [];
  const outcome = download(dfuOn(device, BLOCK, clock), ALTERNATE, image, {
    blockMs: BLOCK_MS,
    manifestMs: 5_000,
    onTaken: (block) => taken.push(...block),
    onProgress: (bytes) => progress.push(bytes),
    ...options,
  });
  outcome.catch(() => undefined);
  return { board: device, clock, progress, taken, outcome };
}

async function failureOf({ outcome }: Run): Promise<unknown> {
  return outcome.then(
    () => 'it succeeded',
    (error: unknown) => error,
  );
}

/** Numbers of the blocks that were submitted. */
function blocksOf({ board }: Run): readonly number[] {
  return board.submitted.flatMap((name) => (name.startsWith('DNLOAD ') ? [Number(name.slice(7))] : []));
}

/** DNLOAD 0, GETSTATUS, DNLOAD 1, GETSTATUS… */
function pairs(blocks: number): readonly string[] {
  return Array.from({ length: blocks }, (_, block) => [`DNLOAD ${block}`, 'GETSTATUS']).flat();
}

const window = fc.integer({ min: 1, max: 64 });
const pieces = fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 4 });
const serviceMs = fc.integer({ min: 0, max: 5 });

/**
 * A stream that overwrites what it gave out as soon as it may (base/bytes.ts, on the scale of these blocks):
 * three more pieces have come, and 64 blocks lie between.
 */
async function* overwritingItsPieces(image: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  const lent: { readonly piece: Uint8Array; after: number; bytesBetween: number }[] = [];
  for await (const part of inPieces(image, sizes)) {
    const piece = part.slice();
    for (const old of lent) {
      if (old.after >= 3 && old.bytesBetween >= 64 * BLOCK) old.piece.fill(0xee);
      old.after += 1;
      old.bytesBetween += piece.length;
    }
    lent.push({ piece, after: 0, bytesBetween: 0 });
    yield piece;
  }
}

describe('a download with a window', () => {
  test('brings every image to the board, in the same requests as without one', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4_000 }),
        pieces,
        window,
        serviceMs,
        async (length, sizes, most, ms) => {
          const image = imageOf(length);
          const run = start(overwritingItsPieces(image, sizes), { serviceMs: ms }, { window: most });
          expect(await run.outcome).toEqual({ bytes: length, manifest: 'idle' });
          expect(run.board.landed).toEqual([...image]);
          expect(run.taken).toEqual([...image]);
          const blocks = Math.ceil(length / BLOCK);
          const end = [`DNLOAD ${blocks}`, 'GETSTATUS', 'GETSTATUS'];
          expect(run.board.submitted.slice(BEFORE)).toEqual([...pairs(blocks), ...end]);
          expect(run.progress).toEqual(
            Array.from({ length: blocks }, (_, block) => Math.min(length, (block + 1) * BLOCK)),
          );
        },
      ),
      { numRuns: 100 },
    );
  });

  test.each([
    [1, 1],
    [2, 4],
    [8, 16],
    [24, 48],
  ])('of %d blocks has at most %d transfers under way, and uses them', async (most, transfers) => {
    const run = start(inPieces(imageOf(100 * BLOCK)), {}, { window: most });
    await run.outcome;
    expect(run.board.deepest).toBe(transfers);
  });

  test('keeps the board busy: the image takes what its transfers take there', async () => {
    const run = start(inPieces(imageOf(100 * BLOCK)), { serviceMs: 5 }, { window: 8 });
    await run.outcome;
    expect(run.clock.now()).toBe((BEFORE + 2 * 100 + 3) * 5);
  });

  test('gives queued transfers a deadline for the blocks ahead, counted from their submission', async () => {
    const run = start(inPieces(imageOf(5 * BLOCK)), {}, { window: 8 });
    await run.outcome;
    const [first, later] = [run.board.timeouts.slice(BEFORE), run.board.timeouts.slice(BEFORE + 2 * ALONE)];
    expect(first.slice(0, 2 * ALONE)).toEqual([2_000, 2_000, 2_000, 2_000]);
    expect(later.slice(0, 6)).toEqual([2_800, 2_800, 2_800, 2_800, 2_800, 2_800]);
  });

  test('waits for each block of a device that says dfuDNLOAD-SYNC first', async () => {
    const run = start(inPieces(imageOf(20 * BLOCK)), { syncFirst: true }, { window: 8 });
    expect(await run.outcome).toMatchObject({ bytes: 320 });
    expect(run.board.deepest).toBe(1);
  });

  test('waits for each block again when the device names a poll timeout, until it is regular', async () => {
    const run = start(inPieces(imageOf(60 * BLOCK)), { pollAfter: { block: 20, pollMs: 7 } }, { window: 4 });
    expect(await run.outcome).toMatchObject({ bytes: 960 });
    expect(run.board.landed).toEqual([...imageOf(960)]);
    // Blocks that were under way when the answer came, then one by one, then a window again.
    const alone = run.board.timeouts.flatMap((ms, at) => (ms === BLOCK_MS && at >= BEFORE ? [at] : []));
    const numbers = alone.map((at) => run.board.submitted[at]).filter((name) => name?.startsWith('DNLOAD'));
    expect(numbers).toEqual(['DNLOAD 0', 'DNLOAD 1', 'DNLOAD 24', 'DNLOAD 25']);
  });

  test('opens no window behind a block after which the device named a poll timeout', async () => {
    const run = start(inPieces(imageOf(9 * BLOCK)), { pollAfter: { block: 1, pollMs: 7 } }, { window: 4 });
    await run.outcome;
    const alone = run.board.submitted.filter(
      (name, at) => /DNLOAD [0-8]/.test(name) && run.board.timeouts[at] === BLOCK_MS,
    );
    expect(alone).toEqual(['DNLOAD 0', 'DNLOAD 1', 'DNLOAD 2', 'DNLOAD 3']);
  });

  test('counts the blocks on beyond 65535', async () => {
    const run = start(inPieces(imageOf(9 * BLOCK)), {}, { window: 4, firstBlock: 65_532 });
    await run.outcome;
    expect(blocksOf(run)).toEqual([65_532, 65_533, 65_534, 65_535, 0, 1, 2, 3, 4, 5]);
  });
});

describe('when a block fails', () => {
  const kinds = Object.keys(FAILURES) as Failure[];

  test.each(kinds)(
    'because %s, the report is that block, exactly what came before it, and nothing else',
    async (failure) => {
      await fc.assert(
        fc.asyncProperty(window, fc.nat(89), serviceMs, async (most, block, ms) => {
          const run = start(
            inPieces(imageOf(90 * BLOCK)),
            { serviceMs: ms, failAt: { block, failure } },
            { window: most },
          );
          const error = await failureOf(run);
          expect(error).toMatchObject({
            code: FAILURES[failure],
            details: { block, bytesAcknowledged: block * BLOCK },
          });
          expect(run.progress.at(-1) ?? 0).toBe(block * BLOCK);
          expect(run.board.open).toBe(0);
          const last = Math.max(...blocksOf(run));
          expect(last).toBeLessThanOrEqual(block < ALONE ? block : block + most - 1);
          // One by one, a block whose DNLOAD failed is not asked for its status.
          const wire = run.board.submitted.slice(BEFORE);
          expect(wire).toEqual(pairs(last + 1).slice(0, wire.length));
          const requests = run.board.submitted.length;
          await run.clock.sleep(60_000);
          expect(run.board.submitted).toHaveLength(requests);
        }),
        { numRuns: 60 },
      );
    },
  );

  test.each(['the device leaves at DNLOAD', 'the device leaves at GETSTATUS'] as const)(
    'because %s, what is told as taken is what the board has',
    async (failure) => {
      await fc.assert(
        fc.asyncProperty(window, pieces, fc.nat(89), serviceMs, async (most, sizes, block, ms) => {
          const image = overwritingItsPieces(imageOf(90 * BLOCK), sizes);
          const run = start(image, { serviceMs: ms, failAt: { block, failure } }, { window: most });
          await failureOf(run);
          expect(run.taken).toEqual(run.board.landed);
          expect(run.taken).toHaveLength((failure.endsWith('DNLOAD') ? block : block + 1) * BLOCK);
        }),
        { numRuns: 60 },
      );
    },
  );

  test.each(kinds)(
    'at each place of a window of 8 because %s, all 8 blocks under way are waited for',
    async (failure) => {
      for (let place = 0; place < 8; place += 1) {
        const block = ALONE + 8 + place;
        const run = start(inPieces(imageOf(40 * BLOCK)), { failAt: { block, failure } }, { window: 8 });
        expect(await failureOf(run)).toMatchObject({ code: FAILURES[failure], details: { block } });
        expect(run.board.open).toBe(0);
        expect(Math.max(...blocksOf(run))).toBe(block + 7);
      }
    },
  );

  test('nothing that the board took behind it is counted', async () => {
    const run = start(
      inPieces(imageOf(40 * BLOCK)),
      { failAt: { block: 9, failure: 'GETSTATUS is too short' } },
      { window: 6 },
    );
    expect(await failureOf(run)).toMatchObject({ details: { block: 9, bytesAcknowledged: 144 } });
    expect(run.board.landed.length).toBeGreaterThan(10 * BLOCK);
    expect(run.progress.at(-1)).toBe(144);
  });
});

describe('a download that is stopped', () => {
  test('ends at a block boundary with the signal’s reason, and everything under way acknowledged', async () => {
    await fc.assert(
      fc.asyncProperty(window, fc.integer({ min: 0, max: 150 }), async (most, afterMs) => {
        const stop = new AbortController();
        const reason = new Error('stopped');
        const run = start(inPieces(imageOf(60 * BLOCK)), { serviceMs: 1 }, { window: most, signal: stop.signal });
        await run.clock.sleep(afterMs);
        fc.pre(blocksOf(run).length < 60);
        stop.abort(reason);
        expect(await failureOf(run)).toBe(reason);
        expect(run.board.open).toBe(0);
        expect(run.progress.at(-1) ?? 0).toBe(blocksOf(run).length * BLOCK);
        expect(run.board.landed).toHaveLength(blocksOf(run).length * BLOCK);
      }),
      { numRuns: 60 },
    );
  });

  test('by its own stream fails as that does, with what is under way acknowledged', async () => {
    const broken = new Error('the disk is gone');
    async function* stream() {
      yield* inPieces(imageOf(20 * BLOCK), [BLOCK]);
      throw broken;
    }
    const run = start(stream(), {}, { window: 8 });
    expect(await failureOf(run)).toBe(broken);
    expect(run.board.open).toBe(0);
    expect(run.progress.at(-1)).toBe(20 * BLOCK);
  });

  test('by a block, and then by its stream, reports the block', async () => {
    const clock = new VirtualClock();
    async function* stream() {
      yield* inPieces(imageOf(10 * BLOCK), [BLOCK]);
      await clock.sleep(500);
      throw new Error('the disk is gone');
    }
    const board = new QueuedBoard(clock, { serviceMs: 2, failAt: { block: 8, failure: 'DNLOAD stalls' } });
    const sending = download(dfuOn(board, BLOCK, clock), ALTERNATE, stream(), {
      ...{ blockMs: 2_000, manifestMs: 5_000 },
      window: 8,
    });
    const error = await sending.catch((failure: unknown) => failure);
    expect(isPhaselineError(error, 'usb/stall')).toBe(true);
  });
});

test.each([
  [4096, 64],
  [1024, 64],
  [65_535, 4],
])('of blocks of %d bytes, no more are under way than a stream leaves alone', async (blockBytes, most) => {
  const clock = new VirtualClock();
  const board = new QueuedBoard(clock, { serviceMs: 2 });
  const image = inPieces(imageOf(100 * Math.min(blockBytes, 8_192)));
  await download(dfuOn(board, blockBytes, clock), ALTERNATE, image, { blockMs: 2_000, manifestMs: 5_000, window: 64 });
  expect(windowFor(blockBytes, 64)).toBe(most);
  expect(board.deepest).toBeLessThanOrEqual(2 * most);
});
