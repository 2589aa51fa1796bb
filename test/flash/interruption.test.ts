import { describe, expect, test } from 'vitest';
import type { ErrorCode } from '../../src/base/error-codes.ts';
import { PhaselineError } from '../../src/base/errors.ts';
import { makePattern } from '../image/make.ts';
import { type Bench, flash, makeBench } from './harness.ts';
import { bootFiles, layoutText } from './layouts.ts';

const BOOT = bootFiles('mp15');
const CARD = makePattern(3 * 2 ** 20, 61);
const JOB = {
  layout: layoutText(...BOOT.rows, 'P 0x10 card RawImage mmc0 0x0 card.img'),
  images: { ...BOOT.images, 'card.img': CARD },
};

/** Blocks that take their time, so that there is a middle. */
const paced = (): Bench => makeBench('stm32mp157c-dk2', { settings: { blockMs: 2 } });

function abortAfter({ clock }: Bench, ms: number, code: ErrorCode, message: string): AbortSignal {
  const controller = new AbortController();
  void clock.sleep(ms).then(() => controller.abort(new PhaselineError(code, message)));
  return controller.signal;
}

describe('a job that is stopped', () => {
  test('by its user in the middle of an image: nothing is reported as flashed, and the board is reset', async () => {
    const bench = paced();
    const signal = abortAfter(bench, 1_800, 'interrupted/sigint', 'interrupted');
    const { result } = await flash(bench, { ...JOB, signal });
    expect(result).toMatchObject({ ok: false, code: 'interrupted/sigint', exitCode: 130 });
    expect(result.phases.at(-1)).toMatchObject({ id: '0x10', complete: false });
    expect(result.seconds).toBeLessThan(2);
    expect(bench.board.stage).toBe('rom');
    expect((await flash(bench, JOB)).result).toMatchObject({ ok: true });
  });

  test('by its user before U-Boot: the board is left as it is', async () => {
    const bench = paced();
    const signal = abortAfter(bench, 600, 'interrupted/sigterm', 'asked to stop');
    const { result } = await flash(bench, { ...JOB, signal });
    expect(result).toMatchObject({ ok: false, code: 'interrupted/sigterm', exitCode: 143 });
    expect(['tfa', 'uboot']).toContain(bench.board.stage);
  });

  test('by its user between two stages: it is not said to be in the one that it has left', async () => {
    const bench = makeBench('stm32mp157c-dk2', { faults: ['never-returns after fip'] });
    const signal = abortAfter(bench, 10_000, 'interrupted/sigint', 'interrupted');
    const { result, story } = await flash(bench, { ...JOB, signal });
    expect(story.at(-2)).toBe('detach tfa');
    expect(result).toMatchObject({ code: 'interrupted/sigint', left: 'unreachable' });
    expect(result.seconds).toBeLessThan(11);
  });

  test('by its deadline while the board writes: ends at once', async () => {
    const bench = makeBench('stm32mp157c-dk2', { faults: ['slow-write mmc0 15000'] });
    const signal = abortAfter(bench, 20_000, 'flash/deadline', 'the job took longer than 20 s');
    const { result, events } = await flash(bench, { ...JOB, signal });
    expect(result).toMatchObject({ ok: false, code: 'flash/deadline', exitCode: 7 });
    expect(result.seconds).toBeLessThan(21);
    // Nobody has pulled the cable: the job has closed its bus itself.
    expect(events.flatMap((event) => (event.event === 'warning' ? [event.about] : []))).not.toContain('replug');
  });

  test('before it starts: no byte is sent', async () => {
    const bench = paced();
    const signal = AbortSignal.abort(new PhaselineError('interrupted/sigint', 'interrupted'));
    const { result, story } = await flash(bench, { ...JOB, signal });
    expect(result).toMatchObject({ ok: false, code: 'interrupted/sigint', bytes: 0 });
    expect(story).toEqual(['result interrupted/sigint']);
    expect(bench.board.stage).toBe('rom');
  });
});

test('progress is told at most four times a second, and at the end of each image', async () => {
  const { events } = await flash(paced(), JOB);
  const progress = events.filter((event) => event.event === 'progress');
  expect(progress.at(-1)).toMatchObject({ id: '0x10', bytesDone: CARD.length, bytesTotal: CARD.length });
  const times = progress
    .filter(({ id, bytesDone }) => id === '0x10' && bytesDone < CARD.length)
    .map(({ time }) => Date.parse(time));
  expect(times.length).toBeGreaterThan(4);
  for (const [index, time] of times.entries()) expect(time - (times[index - 1] ?? 0)).toBeGreaterThanOrEqual(250);
});
