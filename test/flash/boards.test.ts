import { describe, expect, test } from 'vitest';
import { PhaselineError } from '../../src/base/errors.ts';
import { findBoard } from '../../src/flash/boards.ts';
import type { UsbBus } from '../../src/usb/port.ts';
import { makeBench } from './harness.ts';

const NEVER = new AbortController().signal;

describe('waiting for a board', () => {
  test('lasts while there is no bus yet: a USB/IP server that is being started', async () => {
    const { clock, bus } = makeBench('stm32mp157c-dk2');
    const startsAt = clock.now() + 3_000;
    const late: UsbBus = {
      ...bus,
      list: () => (clock.now() < startsAt ? Promise.reject(new PhaselineError('usb/no-bus', 'refused')) : bus.list()),
    };
    const { board } = await findBoard(late, clock, undefined, 10_000, NEVER);
    expect(board.stage).toBe('rom');
  });

  test('lasts while a board leaves between being listed and being opened', async () => {
    const { clock, bus } = makeBench('stm32mp157c-dk2');
    let opens = 0;
    const shy: UsbBus = {
      ...bus,
      open: (info) => {
        opens += 1; // the first is the look, the second the job's own
        return opens === 2 ? Promise.reject(new PhaselineError('usb/gone', 'left')) : bus.open(info);
      },
    };
    const { board } = await findBoard(shy, clock, undefined, 10_000, NEVER);
    expect(board.stage).toBe('rom');
  });

  test.each(['usb/no-bus', 'usb/gone'] as const)('ends with %s when that lasts', async (code) => {
    const { clock, bus } = makeBench('stm32mp157c-dk2');
    const broken: UsbBus = { ...bus, list: () => Promise.reject(new PhaselineError(code, 'as before')) };
    const startedAt = clock.now();
    await expect(findBoard(broken, clock, undefined, 5_000, NEVER)).rejects.toMatchObject({ code });
    expect(clock.now() - startedAt).toBeGreaterThanOrEqual(5_000);
    expect(clock.now() - startedAt).toBeLessThan(6_000);
  });
});
