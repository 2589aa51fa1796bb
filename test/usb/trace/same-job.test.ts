import { describe, expect, test } from 'vitest';
import { realClock } from '../../../src/base/clock.ts';
import { silentLog } from '../../../src/base/log.ts';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { simulatedBus } from '../../../src/simulator/bus.ts';
import { serveBoards } from '../../../src/simulator/server.ts';
import { usbipBus } from '../../../src/usb/usbip/bus.ts';
import { BOARDS, boardOf, flashOver, type Job, type OnFamily, replayed } from './job.ts';
import { outcomeOf } from './outcome.ts';
import { timeless } from './timeless.ts';

async function inProcess(family: OnFamily, faults: readonly string[] = []): Promise<Job> {
  const clock = new VirtualClock();
  return flashOver(simulatedBus([boardOf(family, clock, faults)], clock), clock, family);
}

async function overUsbip(family: OnFamily, faults: readonly string[] = []): Promise<Job> {
  const board = boardOf(family, realClock, faults);
  const server = await serveBoards({ boards: [board], host: '127.0.0.1', port: 0, log: silentLog });
  try {
    const bus = usbipBus({ host: '127.0.0.1', port: server.port, clock: realClock, log: silentLog });
    return await flashOver(bus, realClock, family);
  } finally {
    await server.close();
    board.close();
  }
}

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
    expect((await replayed(job, 'mp13', { window: 1 })).result.code).toBe('ok');
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
    expect(outcomeOf(result)).toEqual(outcomeOf(job.result));
    expect(Math.abs(result.seconds - job.result.seconds)).toBeLessThan(5);
  });

  test('of a real host with blocks queued ahead comes again with any window', async () => {
    const faults = ['stall', 'dfu-error 3', 'unplug for 900'];
    const jobs = await Promise.all(
      faults.map((fault, at) => overUsbip('mp15', [`${fault} at phase 0x10 block ${20 + at}`])),
    );
    expect(jobs.map(({ result }) => result.code)).toEqual(['usb/stall', 'dfu/status', 'ok']);
    for (const job of jobs) {
      for (const window of [1, 2, 16, 64]) {
        expect(outcomeOf((await replayed(job, 'mp15', { window })).result)).toEqual(outcomeOf(job.result));
      }
    }
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
