import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningUdev, startUdev } from '../../vm/udev.ts';
import { appeared, eventsOf, makeBoard, plugInAll, pullAll, startPhaseline, type UsbBench } from './bench.ts';
import { microcontroller } from './microcontroller.ts';

const SOMEBODY = 1000;
/** What the inventory logs when libusb by itself has not noticed a device. */
const LOOKED_ANEW = 'looks anew';
const PATIENCE_MS = 60_000;
/** In the guest. */
const LOG = '/run/phaseline.log';

/** Resolves when phaseline has started to look for boards: it reads what the other device is. */
async function lookedAt(other: ReturnType<typeof microcontroller>): Promise<void> {
  const before = other.requests.length;
  for (let waited = 0; other.requests.length === before; waited += 50) {
    if (waited > PATIENCE_MS) throw new Error('nobody looked at the bus');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Starts `flash --wait 30`, plugs the board in when phaseline already waits, and gives the result and the log. */
async function flashBeforePlugging({ guest, folder }: UsbBench, uid: number) {
  const other = microcontroller('1-4');
  const board = makeBoard('stm32mp157c-dk2');
  await plugInAll(guest, [], [other, board]);
  const args = ['flash', 'mp15.tsv', '--wait', '30', '--json', '--log-level', 'debug', '--log-file', LOG];
  await guest.run(['install', '-m', '666', '/dev/null', LOG]);
  const running = startPhaseline({ guest, folder }, args, { uid });
  await lookedAt(other);
  const there = appeared(board);
  board.powerOn();
  await there;
  const run = await running.result;
  await pullAll();
  const { stdout: log } = await guest.run(['cat', LOG]);
  await guest.run(['rm', '-f', LOG]);
  return { ...run, ...eventsOf(run), log };
}

export function hotplugSuite(bench: () => UsbBench): void {
  describe('flash --wait, started before the board is plugged in', () => {
    test('without a udev daemon: libusb notices nothing by itself', async () => {
      const { result, log } = await flashBeforePlugging(bench(), 0);
      expect(result, log).toMatchObject({ ok: true });
      expect(log).toContain(LOOKED_ANEW);
    });

    describe('with a udev daemon and the rule for boards', () => {
      let udev: RunningUdev | undefined;

      beforeAll(async () => {
        udev = await startUdev(bench().guest);
      });
      afterAll(() => udev?.stop());

      test('somebody who is not root flashes it, and libusb notices every enumeration', async () => {
        const { result, log } = await flashBeforePlugging(bench(), SOMEBODY);
        expect(result, log).toMatchObject({ ok: true });
        expect(log).not.toContain(LOOKED_ANEW);
      });
    });
  });
}
