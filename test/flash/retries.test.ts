import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { changedDeadlines, DEADLINE_TABLE, deadlineMs } from '../../src/flash/deadline-table.ts';
import { DEADLINES, erasingMs } from '../../src/flash/deadlines.ts';
import { makePattern } from '../image/make.ts';
import { deadlinesPage } from '../suites/deadlines-page.ts';
import { flash, makeBench } from './harness.ts';
import { bootFiles, layoutText } from './layouts.ts';

const BOOT = bootFiles('mp15');
const CARD = makePattern(300_001, 81);
const JOB = {
  layout: layoutText(...BOOT.rows, 'P 0x10 card RawImage mmc0 0x0 card.img'),
  images: { ...BOOT.images, 'card.img': CARD },
};
const DK2 = 'stm32mp157c-dk2';

const isFlashed = (bench: ReturnType<typeof makeBench>) =>
  Buffer.from(bench.board.storage.mmc.get(0)?.medium(0)?.read(0, CARD.length) ?? []).equals(CARD);

describe('--retries', () => {
  test.each([
    ['stall at phase 0x10 block 3', 'usb/stall'],
    ['dfu-error 3 at phase 0x10 block 7', 'dfu/status'],
    ['unplug-behind for 900 at phase 0x10 block 5', 'board/not-resumed'],
    ['power-cycle at phase 0x10 block 5', 'board/restarted'],
    ['power-cycle at phase 0x03 block 2', 'usb/gone'],
    ['stall at phase 0x01 block 1', 'usb/stall'],
  ])('start over from the ROM after %s, and keep what the first attempt failed with', async (fault, code) => {
    const bench = makeBench(DK2, { faults: [fault] });
    const { result, story } = await flash(bench, { ...JOB, retries: 2 });
    expect(result).toMatchObject({ ok: true, code: 'ok', left: 'finished' });
    expect(result.attempts.map((attempt) => attempt.code)).toEqual([code, 'ok']);
    expect(story).toContain(`attempt 1 ${code}`);
    expect(story.filter((event) => event.startsWith('result'))).toEqual(['result ok']);
    expect(isFlashed(bench)).toBe(true);
  });

  test('wait for the operator’s reset where the board cannot do it itself', async () => {
    const bench = makeBench(DK2, { faults: ['stall at phase 0x03 block 3'] });
    void bench.clock.sleep(20_000).then(() => bench.board.powerCycle());
    const { result } = await flash(bench, { ...JOB, retries: 1 });
    expect(result).toMatchObject({ ok: true, attempts: [{ code: 'usb/stall' }, { code: 'ok' }] });
    expect(result.seconds).toBeGreaterThan(19);
  });

  test('end with the first failure when nobody resets it in time', async () => {
    const bench = makeBench(DK2, { faults: ['stall at phase 0x03 block 3'] });
    const { result } = await flash(bench, { ...JOB, retries: 5 });
    expect(result).toMatchObject({ ok: false, code: 'usb/stall', left: 'tfa', attempts: [{ code: 'usb/stall' }] });
    expect(result.seconds).toBeGreaterThan(59);
    expect(result.seconds).toBeLessThan(65);
  });

  test('are as many as that, and the last failure is the result', async () => {
    const faults = ['stall at phase 0x10 block 3', 'dfu-error 3 at phase 0x10 block 9', 'stall at phase 0x10 block 30'];
    const one = { ...JOB, window: 1 };
    const two = await flash(makeBench(DK2, { faults }), { ...one, retries: 1 });
    expect(two.result.attempts.map(({ code }) => code)).toEqual(['usb/stall', 'dfu/status']);
    expect(two.result).toMatchObject({ ok: false, code: 'dfu/status' });
    expect((await flash(makeBench(DK2, { faults }), { ...one, retries: 3 })).result.ok).toBe(true);
  });

  test.each([
    ['absent mmc0', 'board/layout-refused'],
    ['flip mmc0 byte 20000 bit 3', 'verify/difference'],
  ] as const)('are not for %s', async (fault, code) => {
    const bench = makeBench(DK2, { faults: [fault] });
    const { result } = await flash(bench, { ...JOB, retries: 3, verify: 'readback' });
    expect(result).toMatchObject({ ok: false, code });
    expect(result.attempts).toHaveLength(1);
  });

  test('leave another board alone that comes in its place', async () => {
    const serial = 'AAAABBBBCCCCDDDDEEEEFFFF';
    const bench = makeBench(DK2, { faults: ['never-returns after fip', `serial ${serial} after fip`] });
    const { result } = await flash(bench, { ...JOB, retries: 3 });
    expect(result).toMatchObject({ ok: false, code: 'board/lost' });
    expect(result.attempts).toHaveLength(1);
  });

  test('none: one attempt, and it is told', async () => {
    const { result } = await flash(makeBench(DK2), JOB);
    expect(result.attempts).toMatchObject([{ code: 'ok', bytes: result.bytes }]);
  });
});

describe('a job in which nothing moves', () => {
  test('says so, and again later, before its deadline ends it', async () => {
    const bench = makeBench(DK2, { faults: ['nak 400000 at phase 0x10 block 20'] });
    const { events, result } = await flash(bench, JOB);
    const stalls = events.flatMap((event) => (event.event === 'warning' && event.about === 'stall' ? [event] : []));
    expect(stalls.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^no progress for 10 s \(phase 0x10/),
      expect.stringMatching(/^no progress for 20 s/),
      expect.stringMatching(/^no progress for 40 s/),
    ]);
    expect(stalls[0]).toMatchObject({ serial: bench.board.serial, port: '1-1' });
    expect(result.code).toBe('usb/timeout');
  });

  test('says nothing while it moves, and nothing while no board was found', async () => {
    const moving = await flash(makeBench(DK2, { settings: { blockMs: 400 } }), JOB);
    const waiting = await flash(makeBench(DK2), { ...JOB, device: { by: 'serial', serial: '0' } });
    expect(moving.result.seconds).toBeGreaterThan(25);
    expect(waiting.result.code).toBe('board/none');
    for (const { events } of [moving, waiting]) expect(events.filter(({ event }) => event === 'warning')).toEqual([]);
  });
});

describe('deadlines', () => {
  test('docs/deadlines.md is what `npm run docs` makes of the table', () => {
    expect(readFileSync('docs/deadlines.md', 'utf8')).toBe(deadlinesPage());
  });

  test('are all in the table, once', () => {
    const leaves = Object.values(DEADLINES).flatMap((value) =>
      typeof value === 'number' ? [value] : Object.values(value),
    );
    expect(Object.keys(DEADLINE_TABLE)).toHaveLength(leaves.length);
    const places = Object.values(DEADLINE_TABLE).map(({ at }) => at.join('.'));
    expect(new Set(places).size).toBe(leaves.length);
  });

  test('are changed one by one, and all together', () => {
    const changed = changedDeadlines(DEADLINES, 3, new Map([['uboot-block', 7]]));
    for (const [name, row] of Object.entries(DEADLINE_TABLE)) {
      expect(deadlineMs(changed, row), name).toBe(name === 'uboot-block' ? 7_000 : 3 * deadlineMs(DEADLINES, row));
    }
  });

  test('grow with what is erased, by the kind of medium', () => {
    const bytes = { mmc: 2 ** 30, nor: 2 ** 20, nand: 10 * 2 ** 20 };
    expect(erasingMs(DEADLINES, bytes)).toBe(1024 * 20 + 16_000 + 1_000);
  });

  test('that are changed hold: a slower board passes, an impatient job ends', async () => {
    const slow = { faults: ['slow-write mmc0 20000'] };
    const big = { ...JOB, images: { ...JOB.images, 'card.img': makePattern(9 * 2 ** 20, 82) } };
    expect((await flash(makeBench(DK2, slow), big)).result.code).toBe('usb/timeout');
    const patient = changedDeadlines(DEADLINES, 4, new Map());
    expect((await flash(makeBench(DK2, slow), { ...big, deadlines: patient })).result.code).toBe('ok');
    const impatient = changedDeadlines(DEADLINES, 1, new Map([['uboot-block', 0.5]]));
    const nak = makeBench(DK2, { faults: ['nak 3000 at phase 0x10 block 1'] });
    expect((await flash(nak, { ...JOB, deadlines: impatient })).result.code).toBe('usb/timeout');
  });
});
