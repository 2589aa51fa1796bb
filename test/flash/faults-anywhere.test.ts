import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makePattern } from '../image/make.ts';
import { flash, makeBench } from './harness.ts';
import { bootFiles, layoutText } from './layouts.ts';

describe('faults at any place, alone or together', () => {
  const phase = fc.constantFrom('0x00', '0x01', '0x03', '0x10');
  const point = fc.oneof(
    fc.tuple(phase, fc.nat({ max: 60 })).map(([id, block]) => `at phase ${id} block ${block}`),
    fc.tuple(phase, fc.nat({ max: 200_000 })).map(([id, byte]) => `at phase ${id} byte ${byte}`),
    fc.integer({ min: 1, max: 250 }).map((transfer) => `at transfer ${transfer}`),
  );
  const step = fc.constantFrom('fsbl', 'fip', 'layout');
  const ms = fc.constantFrom(1, 900, 4_000, 20_000, 100_000);
  const fault = fc.oneof(
    point.map((at) => `unplug ${at}`),
    fc.tuple(ms, point).map(([time, at]) => `unplug for ${time} ${at}`),
    point.map((at) => `stall ${at}`),
    fc.tuple(ms, point).map(([time, at]) => `nak ${time} ${at}`),
    fc.tuple(fc.integer({ min: 1, max: 15 }), point).map(([status, at]) => `dfu-error ${status} ${at}`),
    point.map((at) => `crash ${at}`),
    fc
      .tuple(
        fc.constantFrom('0x00', '0x03', '0x10', '0x11', '0xFE', '0xFF'),
        fc.constantFrom('0x00', '0x03', '0x10', '0xFE'),
      )
      .map(([shown, instead]) => `phase ${shown} instead of ${instead}`),
    step.map((after) => `never-returns after ${after}`),
    step.map((after) => `panic after ${after}`),
    step.map((after) => `port 1-7 after ${after}`),
    step.map((after) => `serial AAAABBBBCCCCDDDDEEEEFFFF after ${after}`),
    fc.constant('absent mmc0'),
    fc.nat({ max: 250_000 }).map((byte) => `write-error mmc0 at byte ${byte}`),
    ms.map((time) => `slow-write mmc0 ${time}`),
  );
  const windows = fc.constantFrom(1, 3, 16);
  const image = makePattern(200_001, 33);
  const boot = bootFiles('mp15');
  const job = {
    layout: layoutText(...boot.rows, 'P 0x10 card RawImage mmc0 0x0 card.img'),
    images: { ...boot.images, 'card.img': image },
  };

  test('never end in a success that is none, in a bug of phaseline, or not at all', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fault, { minLength: 1, maxLength: 3 }), windows, async (faults, window) => {
        const bench = makeBench('stm32mp157c-dk2', { faults });
        const { result, events } = await flash(bench, { ...job, window });
        const written = bench.board.storage.mmc.get(0)?.medium(0)?.read(0, image.length);
        const equal = Buffer.from(written ?? []).equals(image);
        expect(result.ok && !equal).toBe(false);
        expect(result.code).not.toBe('bug/unexpected');
        expect(result.message).toMatch(/^[^\n\r]+$/);
        expect(result.seconds).toBeLessThan(900);
        expect(events.filter(({ event }) => event === 'result')).toHaveLength(1);
      }),
      { numRuns: 150 },
    );
  });
});
