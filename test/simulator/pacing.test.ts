import { describe, expect, test } from 'vitest';
import type { Clock } from '../../src/base/clock.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { DFU_REQUEST } from '../../src/dfu/constants.ts';
import { paced } from '../../src/simulator/pacing.ts';
import { DEFAULT_SETTINGS, REAL_SPEED } from '../../src/simulator/settings.ts';
import { type Bench, bench, bootToUboot, sendImage, sendLayout } from './flash.ts';
import { pattern } from './images.ts';

const RAW = 'P\t0x10\tsdcard\tRawImage\tmmc0\t0x0\n';
const BLOCK_MS = 2.06;
const BLOCK = 4096;
/** 1024 blocks. */
const IMAGE = pattern(4 * 2 ** 20);
const PACED_MS = 1024 * BLOCK_MS;

async function secondEnumeration(faults: readonly string[] = [], blockMs = BLOCK_MS): Promise<Bench> {
  const at = await bench('stm32mp157c-dk2', { settings: { blockMs }, faults });
  await bootToUboot(at);
  await sendLayout(at, RAW);
  return at;
}

async function timeToSend(at: Bench): Promise<number> {
  const start = at.clock.now();
  expect(await sendImage(at, 0, IMAGE)).toBe('000000000200');
  await at.host.getPhase(1); // waits for the medium
  return at.clock.now() - start;
}

describe('the time that a download takes', () => {
  test('is 2.06 ms for each block', async () => {
    expect(await timeToSend(await secondEnumeration())).toBeCloseTo(PACED_MS, -1);
  });

  test('is nothing at full speed', async () => {
    expect(await timeToSend(await secondEnumeration([], 0))).toBe(0);
  });

  test.each([
    ['a medium that is faster than the blocks changes nothing', 100, PACED_MS],
    ['a medium as fast as the blocks changes nothing', 527, PACED_MS],
    ['a slower medium takes the place of the blocks', 1000, 4 * 1000],
  ])('%s', async (_, msPerMiB, expected) => {
    expect(await timeToSend(await secondEnumeration([`slow-write mmc0 ${msPerMiB}`]))).toBeCloseTo(expected, -1);
  });

  test('includes no blocks in ROM and TF-A, whose times nobody has measured', async () => {
    const at = await bench('stm32mp157c-dk2', { settings: { blockMs: 1000 } });
    await bootToUboot(at);
    expect(at.clock.now()).toBeLessThan(1_000);
  });

  test('of a whole job at the speed of hardware has the gaps of re-enumerations too', async () => {
    const at = await bench('stm32mp157c-dk2', { settings: REAL_SPEED });
    await bootToUboot(at);
    await sendLayout(at, RAW);
    const { resetToRomMs = 0, romToTfaMs = 0, tfaToUbootMs = 0, layoutMs = 0 } = REAL_SPEED;
    const gaps = resetToRomMs + romToTfaMs + tfaToUbootMs + layoutMs;
    expect(at.clock.now()).toBeGreaterThanOrEqual(gaps);
    expect(at.clock.now()).toBeLessThan(gaps + 100);
  });

  test('is not idle time of the board; the host’s own pauses are', async () => {
    const at = await secondEnumeration();
    const before = at.board.connector.idleMs;
    await timeToSend(at);
    expect(at.board.connector.idleMs - before).toBe(0);
    await at.clock.sleep(300);
    expect(at.board.connector.idleMs - before).toBe(300);
  });
});

describe('a board whose timers are late', () => {
  /** Sleeps whole milliseconds, and `lateMs` longer. */
  function lateClock(inner: VirtualClock, lateMs: number): Clock {
    return {
      now: () => inner.now(),
      date: () => inner.date(),
      watch: () => new Promise(() => undefined),
      sleep: (ms, signal) => inner.sleep(Math.ceil(ms) + lateMs, signal),
    };
  }

  /** Blocks one after the other, each sent as soon as the one before was answered. */
  async function sendBlocks(clock: Clock, blocks: number): Promise<number> {
    const intercept = paced({ ...DEFAULT_SETTINGS, blockMs: BLOCK_MS }, clock, () => 'uboot', undefined);
    const setup = { requestType: 0x21, request: DFU_REQUEST.DNLOAD, value: 0, index: 0, length: BLOCK };
    const start = clock.now();
    for (let block = 0; block < blocks; block += 1) {
      const request = { setup, data: new Uint8Array(BLOCK), arrivedAt: clock.now(), givenUp: () => false };
      await intercept?.(request, () => new Uint8Array(0));
    }
    return clock.now() - start;
  }

  test.each([0, 0.4, 1.5, 7])('by %f ms keeps its speed', async (lateMs) => {
    const took = await sendBlocks(lateClock(new VirtualClock(), lateMs), 500);
    expect(took).toBeGreaterThan(500 * BLOCK_MS - 2);
    expect(took).toBeLessThan(500 * BLOCK_MS + 15);
  });

  test('because its process stood still does not catch up by more than a moment', async () => {
    const clock = new VirtualClock();
    const took = await sendBlocks(lateClock(clock, 1_000), 200);
    expect(took).toBeGreaterThan(5_000);
  });
});
