import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { simulatedBus } from '../../../src/simulator/bus.ts';
import { boardOf, flashOver, type HowToFlash, type Job, replayed } from './job.ts';
import { outcomeOf } from './outcome.ts';

describe('a job that meets a fault with blocks queued ahead', () => {
  const point = fc.oneof(
    { weight: 4, arbitrary: fc.nat({ max: 73 }).map((block) => `at phase 0x10 block ${block}`) },
    // With the boot files before it, most of these are in the card image as well.
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 400 }).map((transfer) => `at transfer ${transfer}`) },
  );
  const kind = fc.constantFrom(
    ...['stall', 'nak 90000', 'nak 900', 'dfu-error 3', 'dfu-error 14', 'crash'],
    ...['unplug', 'unplug for 1500', 'unplug-behind', 'unplug-behind for 900'],
  );
  const fault = fc.tuple(kind, point).map(([what, where]) => `${what} ${where}`);
  const window = fc.integer({ min: 1, max: 64 });
  const lateMs = fc.constantFrom(0, 1, 7);
  const host = fc.record({ window, lateMs });
  const blockMs = fc.constantFrom(0, 2);

  async function record(faults: readonly string[], on: number, how: HowToFlash): Promise<Job> {
    const clock = new VirtualClock();
    const board = boardOf('mp15', clock, faults, { blockMs: on });
    return flashOver(simulatedBus([board], clock), clock, 'mp15', how);
  }

  test('ends in the same way over its trace, whenever that host hears of the failure', async () => {
    await fc.assert(
      fc.asyncProperty(fault, blockMs, host, lateMs, async (what, on, how, later) => {
        const job = await record([what], on, how);
        for (const replay of [how, { ...how, lateMs: later }]) {
          expect(outcomeOf((await replayed(job, 'mp15', replay)).result)).toEqual(outcomeOf(job.result));
        }
      }),
      { numRuns: 25 },
    );
  });

  test('ends in the same way over its trace with another window', async () => {
    await fc.assert(
      fc.asyncProperty(fault, blockMs, host, host, async (what, on, how, other) => {
        const job = await record([what], on, how);
        expect(outcomeOf((await replayed(job, 'mp15', other)).result)).toEqual(outcomeOf(job.result));
      }),
      { numRuns: 40 },
    );
  });

  test('is not replayed where the host sends another block, whatever fails behind it', async () => {
    const change = fc.constantFrom<(lines: string[], at: number) => void>(
      (lines, at) => lines.splice(at, 1),
      (lines, at) => lines.splice(at, 2),
      (lines, at) => lines.splice(at, 0, lines[at] as string),
      (lines, at) => lines.splice(at, 1, (lines[at] as string).replace(/"sha256":"[0-9a-f]{8}/, '"sha256":"00000000')),
      (lines, at) => lines.splice(at, 2, lines[at + 2] as string, lines[at + 1] as string),
    );
    const blocks = fc.tuple(fc.nat({ max: 60 }), fc.integer({ min: 2, max: 10 }));
    await fc.assert(
      fc.asyncProperty(
        kind,
        blocks,
        change,
        blockMs,
        host,
        host,
        async (what, [block, ahead], spoil, on, how, other) => {
          const { lines, result } = await record([`${what} at phase 0x10 block ${block + ahead}`], on, how);
          const spoiled = [...lines];
          const at = lines.findLastIndex((line) => line.includes(`"setup":[33,1,${block},0,4096]`));
          spoil(spoiled, at);
          const { code, message } = (await replayed({ lines: spoiled }, 'mp15', other)).result;
          expect({ code, message, was: result.code }).toMatchObject({
            code: 'trace/differs',
            message: expect.stringMatching(new RegExp(`line ${at + 1}|line ${at + 2}`)),
          });
        },
      ),
      { numRuns: 25 },
    );
  });
});
