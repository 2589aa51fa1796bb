import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { realClock } from '../../../src/base/clock.ts';
import { PhaselineError } from '../../../src/base/errors.ts';
import { silentLog } from '../../../src/base/log.ts';
import { libusbBus } from '../../../src/usb/libusb.ts';
import type { UsbBus, UsbDevice } from '../../../src/usb/port.ts';
import { LOOPBACK } from '../../usb/loopback-gadget.ts';
import { askHost } from './plugs.ts';

const DEADLINE_MS = 300;
/** What an emulated processor may take beyond it. */
const SLACK_MS = 1_000;
const HANG_IN = { requestType: 0xc1, request: LOOPBACK.HANG, value: 0, index: 0 };
const HANG_OUT = { ...HANG_IN, requestType: 0x41 };
const BULK_IN = 0x82;

/** How a wait ended, and after how many ms. */
async function timed(work: Promise<unknown>): Promise<{ readonly code: string; readonly ms: number }> {
  const start = performance.now();
  const code = await work.then(
    () => 'resolved',
    (error: unknown) => (error instanceof PhaselineError ? error.code : String(error)),
  );
  return { code, ms: performance.now() - start };
}

describe('every wait over libusb ends', () => {
  let bus: UsbBus;

  beforeEach(async () => {
    await askHost('fresh');
    bus = await libusbBus({ clock: realClock, log: silentLog });
  });
  afterEach(() => bus.close());

  const open = async () => bus.open((await bus.list())[0]!);

  const FOREVER: Readonly<Record<string, (device: UsbDevice, ms: number) => Promise<unknown>>> = {
    'control request that asks': (device, ms) => device.controlIn(HANG_IN, 8, ms),
    'control request without data': (device, ms) => device.controlOut(HANG_OUT, new Uint8Array(0), ms),
    'control request that sends': (device, ms) => device.controlOut(HANG_OUT, new Uint8Array(4096), ms),
    'bulk transfer': (device, ms) => device.bulkIn(BULK_IN, 512, ms),
  };

  test.each(Object.keys(FOREVER))('a %s that is NAKed for ever, at its deadline', async (name) => {
    const device = await open();
    const { code, ms } = await timed(FOREVER[name]!(device, DEADLINE_MS));
    expect(code).toBe('usb/timeout');
    expect(ms).toBeGreaterThanOrEqual(DEADLINE_MS - 5);
    expect(ms).toBeLessThan(DEADLINE_MS + SLACK_MS);
  });

  test('each of many that are open at once, at its own', async () => {
    const device = await open();
    const deadlines = [900, 300, 600, 450, 750];
    const ends = await Promise.all(deadlines.map((ms) => timed(device.controlIn(HANG_IN, 8, ms))));
    ends.forEach(({ code, ms }, index) => {
      expect(code).toBe('usb/timeout');
      expect(ms).toBeLessThan((deadlines[index] ?? 0) + SLACK_MS);
    });
  });

  test('closing while the device holds requests back', async () => {
    const device = await open();
    const held = [1, 2, 3].map(() => timed(device.controlIn(HANG_IN, 8, 60_000)));
    const { ms } = await timed(device.close());
    expect(ms).toBeLessThan(2 * SLACK_MS);
    for (const { code } of await Promise.all(held)) expect(code).toBe('usb/gone');
  });

  test('finding, opening and closing a device that answers nothing at all', async () => {
    await askHost('silence');
    const { code, ms } = await timed(open().then((device) => device.close()));
    expect(code).toBe('resolved');
    expect(ms).toBeLessThan(2 * SLACK_MS);
  });
});
