import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ErrorCode } from '../../src/base/error-codes.ts';
import { PhaselineError } from '../../src/base/errors.ts';
import type { UsbBus, UsbDevice } from '../../src/usb/port.ts';
import { LOOPBACK } from './loopback-gadget.ts';

/** A bus with one loopback gadget on it, and a second view of the same bus for another program. */
export interface BusUnderTest {
  readonly bus: UsbBus;
  /** The same devices, as another host program sees them; may be `bus` itself. */
  readonly otherProgram: UsbBus;
  /** A bus of the same kind that does not exist; absent where there always is one. */
  readonly missing?: UsbBus;
  close(): Promise<void>;
}

const VENDOR_OUT = 0x41;
const VENDOR_IN = 0xc1;
const QUICK_MS = 60;
const AMPLE_MS = 5_000;
const NOTHING = new Uint8Array(0);

const out = (request: number, value = 0, index = 0) => ({ requestType: VENDOR_OUT, request, value, index });
const input = (request: number, value = 0) => ({ requestType: VENDOR_IN, request, value, index: 0 });

async function codeOf(work: Promise<unknown>): Promise<ErrorCode | 'resolved'> {
  try {
    await work;
    return 'resolved';
  } catch (error) {
    if (error instanceof PhaselineError) return error.code;
    throw error;
  }
}

/** What src/usb/port.ts promises, tried on one implementation. */
export function portContract(name: string, makeBus: () => Promise<BusUnderTest>): void {
  describe(`the USB port, ${name}`, () => {
    let under: BusUnderTest;
    let device: UsbDevice;

    const onlyDevice = async () => {
      const devices = (await under.bus.list()).filter(({ vendorId }) => vendorId === 0x1209);
      expect(devices).toHaveLength(1);
      return devices[0] as (typeof devices)[number];
    };

    beforeEach(async () => {
      under = await makeBus();
      device = await under.bus.open(await onlyDevice());
    });

    afterEach(async () => {
      await under.bus.close();
      await under.close();
    });

    test('lists a device with what its descriptor says', async () => {
      expect(await onlyDevice()).toMatchObject({ vendorId: 0x1209, productId: 0x0001, deviceVersion: 0x0100 });
      expect(device.info).toEqual(await onlyDevice());
    });

    test('carries data in both directions on endpoint 0', async () => {
      const data = Uint8Array.from({ length: 4096 }, (_, i) => i * 7);
      await device.controlOut(out(LOOPBACK.ECHO), data, AMPLE_MS);
      const back = await device.controlIn(input(LOOPBACK.ECHO), 4096, AMPLE_MS);
      expect(Array.from(back)).toEqual(Array.from(data));
    });

    test('sends the bytes of a view, not of the buffer behind it', async () => {
      const whole = Uint8Array.from({ length: 64 }, (_, i) => i);
      await device.controlOut(out(LOOPBACK.ECHO), whole.subarray(10, 14), AMPLE_MS);
      expect(Array.from(await device.controlIn(input(LOOPBACK.ECHO), 64, AMPLE_MS))).toEqual([10, 11, 12, 13]);
    });

    test('gives fewer bytes when the device has fewer, and never more than asked for', async () => {
      await device.controlOut(out(LOOPBACK.ECHO), Uint8Array.of(1, 2, 3, 4, 5), AMPLE_MS);
      expect(await device.controlIn(input(LOOPBACK.ECHO), 255, AMPLE_MS)).toHaveLength(5);
      expect(await device.controlIn(input(LOOPBACK.ECHO), 2, AMPLE_MS)).toHaveLength(2);
    });

    test('fails with usb/stall when the device refuses, and goes on', async () => {
      expect(await codeOf(device.controlIn(input(LOOPBACK.STALL), 8, AMPLE_MS))).toBe('usb/stall');
      expect(await codeOf(device.controlOut(out(LOOPBACK.STALL), Uint8Array.of(1), AMPLE_MS))).toBe('usb/stall');
      expect(await codeOf(device.controlOut(out(LOOPBACK.ECHO), NOTHING, AMPLE_MS))).toBe('resolved');
    });

    test('fails with usb/timeout when no answer comes, and the device stays usable', async () => {
      expect(await codeOf(device.controlIn(input(LOOPBACK.HANG), 8, QUICK_MS))).toBe('usb/timeout');
      expect(await codeOf(device.controlOut(out(LOOPBACK.HANG), Uint8Array.of(1), QUICK_MS))).toBe('usb/timeout');
      await device.controlOut(out(LOOPBACK.ECHO), Uint8Array.of(42), AMPLE_MS);
      expect(Array.from(await device.controlIn(input(LOOPBACK.ECHO), 8, AMPLE_MS))).toEqual([42]);
    });

    test('lets a later transfer time out before an earlier one', async () => {
      const hanging = codeOf(device.controlIn(input(LOOPBACK.HANG), 8, AMPLE_MS));
      expect(await codeOf(device.controlIn(input(LOOPBACK.ECHO), 8, QUICK_MS))).toBe('usb/timeout');
      await device.close();
      expect(await hanging).toBe('usb/gone');
    });

    test('fails with usb/gone when the device leaves, now and later', async () => {
      expect(await codeOf(device.controlOut(out(LOOPBACK.LEAVE), NOTHING, AMPLE_MS))).toBe('usb/gone');
      expect(await codeOf(device.controlIn(input(LOOPBACK.ECHO), 8, AMPLE_MS))).toBe('usb/gone');
      expect(await under.bus.list()).toEqual([]);
    });

    test('ends every open transfer with usb/gone when the device leaves', async () => {
      const leaving = codeOf(device.controlOut(out(LOOPBACK.LEAVE), NOTHING, AMPLE_MS));
      const waiting = [1, 2, 3].map((i) => codeOf(device.controlIn(input(LOOPBACK.ECHO, i), 8, AMPLE_MS)));
      expect(await Promise.all([leaving, ...waiting])).toEqual(['usb/gone', 'usb/gone', 'usb/gone', 'usb/gone']);
    });

    test('lists a device that came back under a new key at the same port', async () => {
      const before = device.info;
      await codeOf(device.controlOut(out(LOOPBACK.LEAVE, 20, 1), NOTHING, AMPLE_MS));
      for (let i = 0; i < 50 && (await under.bus.list()).length === 0; i += 1) await under.bus.waitForChange(100);
      const after = await onlyDevice();
      expect(after.port).toBe(before.port);
      expect(after.key).not.toBe(before.key);
      expect(await codeOf(under.bus.open(before))).toBe('usb/gone');
      const again = await under.bus.open(after);
      await again.controlOut(out(LOOPBACK.ECHO), Uint8Array.of(9), AMPLE_MS);
    });

    test('keeps the order of transfers that were started without waiting', async () => {
      const settled: number[] = [];
      const started = Array.from({ length: 100 }, (_, i) =>
        device.controlOut(out(LOOPBACK.ECHO, i), Uint8Array.of(i), AMPLE_MS).then(() => settled.push(i)),
      );
      await Promise.all(started);
      expect(settled).toEqual(Array.from({ length: 100 }, (_, i) => i));
      const history = await device.controlIn(input(LOOPBACK.HISTORY, 255), 512, AMPLE_MS);
      expect(Array.from(history)).toEqual([...settled, 255]);
    });

    test('sends a view as it is, not the whole buffer behind it', async () => {
      const view = Uint8Array.of(9, 1, 2, 3, 9).subarray(1, 4);
      await device.controlOut(out(LOOPBACK.ECHO), view, AMPLE_MS);
      expect(Array.from(await device.controlIn(input(LOOPBACK.ECHO), 8, AMPLE_MS))).toEqual([1, 2, 3]);
    });

    test('carries bulk data, and an IN that waits does not hold up the OUT', async () => {
      const answer = device.bulkIn(0x82, 512, AMPLE_MS);
      await device.bulkOut(0x01, Uint8Array.of(5, 6, 7), AMPLE_MS);
      expect(Array.from(await answer)).toEqual([5, 6, 7]);
    });

    test('selects an alternate setting', async () => {
      await device.selectAlternate(1, AMPLE_MS);
      const getInterface = { requestType: 0x81, request: 10, value: 0, index: 0 };
      expect(Array.from(await device.controlIn(getInterface, 1, AMPLE_MS))).toEqual([1]);
    });

    test('opens a device once: the next one gets usb/busy until it is closed', async () => {
      const info = await onlyDevice();
      expect(await codeOf(under.otherProgram.open(info))).toBe('usb/busy');
      await device.close();
      // Over a wire the server learns of the end a moment later.
      let code: string = 'usb/busy';
      for (let i = 0; i < 50 && code === 'usb/busy'; i += 1) {
        if (i > 0) await under.otherProgram.waitForChange(20);
        code = await codeOf(under.otherProgram.open(info));
      }
      expect(code).toBe('resolved');
      await under.otherProgram.close();
    });

    test('ends open transfers with usb/gone when the handle is closed; closing twice is allowed', async () => {
      const open = codeOf(device.controlIn(input(LOOPBACK.HANG), 8, AMPLE_MS));
      await device.close();
      await device.close();
      expect(await open).toBe('usb/gone');
      expect(await codeOf(device.controlIn(input(LOOPBACK.ECHO), 8, AMPLE_MS))).toBe('usb/gone');
    });

    test('resets the port and keeps the device usable', async () => {
      await device.reset();
      expect(await codeOf(device.controlOut(out(LOOPBACK.ECHO), Uint8Array.of(1), AMPLE_MS))).toBe('resolved');
    });

    test('waits for a change no longer than it is told', async () => {
      await under.bus.waitForChange(QUICK_MS);
    });

    test('says usb/no-bus where there is none', async () => {
      if (!under.missing) return;
      expect(await codeOf(under.missing.list())).toBe('usb/no-bus');
    });
  });
}
