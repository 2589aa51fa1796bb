import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RULES_PATH, udevRules } from '../../../src/doctor/udev-rules.ts';
import { type RunningUdev, startUdev } from '../../vm/udev.ts';
import { appeared, eventsOf, makeBoard, plugInAll, pullAll, startPhaseline, type UsbBench } from './bench.ts';
import { microcontroller } from './microcontroller.ts';

const ROOT = { uid: 0, gid: 0 };
/** Somebody of Debian's group plugdev, whose number is fixed. */
const SOMEBODY = { uid: 1000, gid: 46 };
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
async function flashBeforePlugging({ guest, folder }: UsbBench, user: typeof ROOT) {
  const other = microcontroller('1-4', 0x0200);
  const board = makeBoard('stm32mp157c-dk2');
  await plugInAll(guest, [], [other, board]);
  const args = ['flash', 'mp15.tsv', '--wait', '30', '--json', '--log-level', 'debug', '--log-file', LOG];
  await guest.run(['install', '-m', '666', '/dev/null', LOG]);
  const running = startPhaseline({ guest, folder }, args, user);
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
      const { result, log } = await flashBeforePlugging(bench(), ROOT);
      expect(result, log).toMatchObject({ ok: true });
      expect(log).toContain(LOOKED_ANEW);
    });

    describe('with a udev daemon and the rules of phaseline udev --group', () => {
      let udev: RunningUdev | undefined;

      beforeAll(async () => {
        udev = await startUdev(bench().guest, RULES_PATH, udevRules('plugdev'));
      });
      afterAll(() => udev?.stop());

      test('somebody of that group flashes it, and libusb notices every enumeration', async () => {
        const { result, log } = await flashBeforePlugging(bench(), SOMEBODY);
        expect(result, log).toMatchObject({ ok: true });
        expect(log).not.toContain(LOOKED_ANEW);
      });
    });
  });
}
