import { describe, expect, test } from 'vitest';
import { memoryBytes } from '../../../src/base/bytes.ts';
import { type Clock, realClock } from '../../../src/base/clock.ts';
import { silentLog } from '../../../src/base/log.ts';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { DEADLINES } from '../../../src/flash/deadlines.ts';
import type { ResultEvent } from '../../../src/flash/events.ts';
import { flashBoard } from '../../../src/flash/flash-board.ts';
import { makePlan } from '../../../src/flash/plan.ts';
import { parseLayout } from '../../../src/layout/parse.ts';
import { SimulatedBoard } from '../../../src/simulator/board.ts';
import { simulatedBus } from '../../../src/simulator/bus.ts';
import { parseFault } from '../../../src/simulator/faults/parse.ts';
import { boardProfile } from '../../../src/simulator/profiles.ts';
import { serveBoards } from '../../../src/simulator/server.ts';
import type { Family } from '../../../src/stm32/chips.ts';
import type { UsbBus } from '../../../src/usb/port.ts';
import { recordBus } from '../../../src/usb/trace/record.ts';
import { traceBus } from '../../../src/usb/trace/replay.ts';
import { usbipBus } from '../../../src/usb/usbip/bus.ts';
import { bootFiles, layoutText } from '../../flash/layouts.ts';
import { makePattern } from '../../image/make.ts';
import { timeless } from './timeless.ts';

const BOARDS = { mp15: 'stm32mp157c-dk2', mp13: 'stm32mp135f-dk', mp25: 'stm32mp257f-ev1' } as const;
type OnFamily = keyof typeof BOARDS;

/** The flag of each job: what went over the bus, and how it ended. */
interface Job {
  readonly lines: readonly string[];
  readonly result: ResultEvent;
}

function planFor(family: Family) {
  const { rows, images } = bootFiles(family);
  const files = { ...images, 'card.img': makePattern(300_001, 5) };
  return makePlan({
    layout: parseLayout(layoutText(...rows, 'P 0x10 sdcard RawImage mmc0 0x0 card.img')),
    images: new Map(Object.entries(files).map(([name, data]) => [name, memoryBytes(data)])),
    header: 'auto',
    oldUboot: false,
  });
}

async function flashOver(bus: UsbBus, clock: Clock, family: Family, window?: number): Promise<Job> {
  const lines: string[] = [];
  const recorded = recordBus(bus, clock, (line) => lines.push(line));
  const result = await flashBoard({
    bus: recorded,
    clock,
    log: silentLog,
    plan: planFor(family),
    device: undefined,
    waitMs: 5_000,
    deadlines: DEADLINES,
    ...(window === undefined ? {} : { window }),
    signal: new AbortController().signal,
    checked: true,
    show: () => undefined,
  });
  await recorded.close();
  return { lines, result };
}

function boardOf(family: OnFamily, clock: Clock, faults: readonly string[] = []): SimulatedBoard {
  const profile = boardProfile(BOARDS[family]);
  const board = new SimulatedBoard({ profile, clock, faults: faults.map(parseFault) });
  board.powerOn();
  return board;
}

async function inProcess(family: OnFamily, faults: readonly string[] = []): Promise<Job> {
  const clock = new VirtualClock();
  return flashOver(simulatedBus([boardOf(family, clock, faults)], clock), clock, family);
}

async function overUsbip(family: OnFamily): Promise<Job> {
  const board = boardOf(family, realClock);
  const server = await serveBoards({ boards: [board], host: '127.0.0.1', port: 0, log: silentLog });
  try {
    const bus = usbipBus({ host: '127.0.0.1', port: server.port, clock: realClock, log: silentLog });
    return await flashOver(bus, realClock, family);
  } finally {
    await server.close();
    board.close();
  }
}

const replayed = ({ lines }: Job, family: Family, window?: number): Promise<Job> => {
  const clock = new VirtualClock();
  return flashOver(traceBus(`${lines.join('\n')}\n`, clock), clock, family, window);
};

describe('the same job', () => {
  test.each(Object.keys(BOARDS) as OnFamily[])(
    'in process and over USB/IP leaves the same trace: %s',
    async (family) => {
      const [here, there] = await Promise.all([inProcess(family), overUsbip(family)]);
      expect(here.result.code).toBe('ok');
      expect(there.result.code).toBe('ok');
      expect(timeless(there.lines)).toEqual(timeless(here.lines));
    },
  );

  test.each(Object.keys(BOARDS) as OnFamily[])(
    'replayed from its trace ends as it did, and leaves that trace: %s',
    async (family) => {
      const job = await inProcess(family);
      const again = await replayed(job, family);
      expect(again.result).toMatchObject({ ok: true, bytes: job.result.bytes });
      expect(timeless(again.lines)).toEqual(timeless(job.lines));
    },
  );

  test('can be replayed with another window: the order on the wire is the same', async () => {
    const job = await inProcess('mp13');
    expect((await replayed(job, 'mp13', 1)).result.code).toBe('ok');
  });
});

describe('a failure', () => {
  test.each([
    'stall at phase 0x01 block 1',
    'stall at phase 0x10 block 30',
    'dfu-error 3 at phase 0x10 block 7',
    'nak 90000 at phase 0x10 block 40',
    'unplug at phase 0x10 byte 100000',
    'unplug-behind for 900 at phase 0x10 block 30',
    'unplug at phase 0x03 block 1',
    'write-error mmc0 at byte 20000',
    'phase 0x11 instead of 0x10',
    'never-returns after fip',
    'panic after fsbl',
  ])('comes again from its trace: %s', async (fault) => {
    const job = await inProcess('mp15', [fault]);
    expect(job.result.ok).toBe(false);
    const { result } = await replayed(job, 'mp15');
    expect({ code: result.code, bytes: result.bytes }).toEqual({ code: job.result.code, bytes: job.result.bytes });
    expect(Math.abs(result.seconds - job.result.seconds)).toBeLessThan(5);
  });

  test('of a host that asks for something else ends the job at once, with the line', async () => {
    const job = await inProcess('mp15');
    const lines = job.lines.filter((line) => !line.includes('"setup":[33,1,3,0,'));
    const { result } = await replayed({ ...job, lines }, 'mp15');
    expect(result).toMatchObject({
      ok: false,
      code: 'trace/differs',
      message: expect.stringMatching(/line \d+ of the trace/),
    });
    expect(result.seconds).toBeLessThan(2);
  });
});
