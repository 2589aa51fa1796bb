import { afterEach, describe, expect, test } from 'vitest';
import { silentLog } from '../../src/base/log.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { libusbBusWith } from '../../src/usb/libusb.ts';
import type { ControlSetup, UsbBus, UsbDevice } from '../../src/usb/port.ts';
import { type FakeDevice, FakeUsb, type Handler } from './libusb-fake.ts';

const GETSTATUS: ControlSetup = { requestType: 0xa1, request: 3, value: 0, index: 0 };
const DNLOAD: ControlSetup = { requestType: 0x21, request: 1, value: 0x0102, index: 0 };

interface Bench {
  readonly usb: FakeUsb;
  readonly bus: UsbBus;
  readonly clock: VirtualClock;
}

const benches: Bench[] = [];

function bench(): Bench {
  const usb = new FakeUsb();
  const clock = new VirtualClock();
  const made = { usb, clock, bus: libusbBusWith(usb, { clock, log: silentLog }) };
  benches.push(made);
  return made;
}

afterEach(async () => {
  for (const { bus } of benches.splice(0)) await bus.close();
});

async function opened(
  handler: Handler = () => ({ data: new Uint8Array(0) }),
): Promise<Bench & { readonly native: FakeDevice; readonly device: UsbDevice }> {
  const made = bench();
  const native = made.usb.plug({ handler });
  return { ...made, native, device: await made.bus.open((await made.bus.list())[0]!) };
}

/** Answers each control request by bRequest. */
const byRequest = (endings: Readonly<Record<number, Awaited<ReturnType<Handler>>>>): Handler => {
  return (transfer) => endings[transfer.readUInt8(1)] ?? { data: new Uint8Array(0) };
};

describe('the list of devices', () => {
  test('names the port by bus and hub ports, and this enumeration by bus and address', async () => {
    const { usb, bus } = bench();
    usb.plug({ busNumber: 3, deviceAddress: 12, portNumbers: [1, 4, 2] });
    expect(await bus.list()).toEqual([
      { port: '3-1.4.2', key: '3:12', vendorId: 0x0483, productId: 0xdf11, deviceVersion: 0x200, speed: 'unknown' },
    ]);
  });

  test('leaves out root hubs, which are plugged in nowhere', async () => {
    const { usb, bus } = bench();
    const hub = usb.plug();
    Reflect.deleteProperty(hub, 'portNumbers');
    usb.plug({ portNumbers: [] });
    expect(await bus.list()).toEqual([]);
  });

  test('that libusb cannot give is usb/no-bus', async () => {
    const { usb, bus } = bench();
    usb.listFailure = -99;
    await expect(bus.list()).rejects.toMatchObject({ code: 'usb/no-bus' });
    await expect(bus.waitForChange(50)).resolves.toBeUndefined();
  });
});

describe('opening', () => {
  test.each([
    ['open', -3, 'usb/access'],
    ['open', -4, 'usb/gone'],
    ['open', -1, 'usb/io'],
    ['claim', -6, 'usb/busy'],
    ['claim', -4, 'usb/gone'],
    ['claim', -5, 'usb/io'],
  ] as const)('that fails in %s with %i is %s, and leaves nothing open', async (call, errno, code) => {
    const { usb, bus } = bench();
    const native = usb.plug();
    native.failures[call] = errno;
    await expect(bus.open((await bus.list())[0]!)).rejects.toMatchObject({ code });
    expect(native.isOpen).toBe(false);
    native.failures = {};
    await expect(bus.open((await bus.list())[0]!)).resolves.toBeDefined();
  });

  test('a device that is open already is busy, until it is closed', async () => {
    const { bus, device } = await opened();
    const [info] = await bus.list();
    await expect(bus.open(info!)).rejects.toMatchObject({ code: 'usb/busy' });
    await device.close();
    await expect(bus.open(info!)).resolves.toBeDefined();
  });

  test('a device that another bus of this process has open is busy: they would share its handle', async () => {
    const { usb, clock, device } = await opened();
    const other = libusbBusWith(usb, { clock, log: silentLog });
    const [info] = await other.list();
    await expect(other.open(info!)).rejects.toMatchObject({ code: 'usb/busy' });
    await device.close();
    await expect(other.open(info!)).resolves.toBeDefined();
    await other.close();
  });

  test('a device that left is gone', async () => {
    const { usb, bus } = bench();
    const native = usb.plug();
    const [info] = await bus.list();
    usb.unplug(native);
    await expect(bus.open(info!)).rejects.toMatchObject({ code: 'usb/gone' });
  });

  test('never opens another device that has got the same bus address', async () => {
    const { usb, bus } = bench();
    const native = usb.plug();
    const [before] = await bus.list();
    usb.unplug(native);
    const successor = usb.plug();
    const [after] = await bus.list();
    expect(after).toEqual(before);
    await expect(bus.open(before!)).rejects.toMatchObject({ code: 'usb/gone' });
    expect(successor.isOpen).toBe(false);
    await expect(bus.open(after!)).resolves.toBeDefined();
  });
});

describe('a control transfer', () => {
  test('carries the setup packet first, then the data', async () => {
    const seen: string[] = [];
    const { device } = await opened((transfer) => {
      seen.push(transfer.toString('hex'));
      return { actual: transfer.length - 8 };
    });
    await device.controlOut(DNLOAD, Uint8Array.of(0xaa, 0xbb, 0xcc), 1000);
    await device.selectAlternate(3, 1000);
    expect(seen).toEqual(['2101020100000300aabbcc', '010b030000000000']);
  });

  test('does not send what lies around a view', async () => {
    const seen: string[] = [];
    const { device } = await opened((transfer) => {
      seen.push(transfer.toString('hex'));
      return { actual: transfer.length - 8 };
    });
    await device.controlOut(DNLOAD, Uint8Array.of(1, 2, 3, 4).subarray(1, 3), 1000);
    expect(seen).toEqual(['21010201000002000203']);
  });

  test('gives what the device sent, which may be less than asked for', async () => {
    const { device } = await opened(() => ({ data: Uint8Array.of(0, 0, 0, 0, 5, 0) }));
    expect([...(await device.controlIn(GETSTATUS, 512, 1000))]).toEqual([0, 0, 0, 0, 5, 0]);
  });

  test('that did not send everything has failed', async () => {
    const { device } = await opened(() => ({ actual: 2 }));
    await expect(device.controlOut(DNLOAD, new Uint8Array(3), 1000)).rejects.toMatchObject({ code: 'usb/io' });
  });

  test.each([
    [4, 'usb/stall'],
    [5, 'usb/gone'],
    [2, 'usb/timeout'],
    [6, 'usb/io'],
    [77, 'usb/io'],
  ])('with libusb status %i is %s', async (errno, code) => {
    const { device } = await opened(() => ({ errno }));
    await expect(device.controlIn(GETSTATUS, 6, 1000)).rejects.toMatchObject({ code, details: { errno } });
  });

  test.each([
    [-4, 'usb/gone'],
    [-1, 'usb/io'],
  ])('that cannot be submitted (%i) is %s', async (errno, code) => {
    const { device, native } = await opened();
    native.failures.submit = errno;
    await expect(device.controlIn(GETSTATUS, 6, 1000)).rejects.toMatchObject({ code });
    native.failures = {};
    await expect(device.controlIn(GETSTATUS, 6, 1000)).resolves.toBeDefined();
  });

  test('uses its native transfer again', async () => {
    const { device, usb } = await opened();
    for (let i = 0; i < 20; i += 1) await device.controlIn(GETSTATUS, 6, 1000);
    expect(usb.transfersMade).toBe(1);
  });
});

describe('a deadline', () => {
  test('ends a transfer that the device never answers, and the device stays usable', async () => {
    const { device, clock } = await opened(byRequest({ 3: 'never' }));
    await expect(device.controlIn(GETSTATUS, 6, 30_000)).rejects.toMatchObject({ code: 'usb/timeout' });
    expect(clock.now()).toBe(30_000);
    await expect(device.controlOut(DNLOAD, new Uint8Array(0), 1000)).resolves.toBeUndefined();
  });

  test('ends it also when libusb never gives the cancelled transfer back', async () => {
    const { device, native, clock } = await opened(byRequest({ 3: 'never' }));
    native.ignoresCancel = true;
    await expect(device.controlIn(GETSTATUS, 6, 30_000)).rejects.toMatchObject({ code: 'usb/timeout' });
    expect(clock.now()).toBe(31_000);
    await device.close();
  });

  test('that is shorter than one already running is kept as well', async () => {
    const { device, clock } = await opened(async (transfer) => {
      if (transfer.readUInt8(1) === 1) await clock.sleep(100);
      return transfer.readUInt8(1) === 1 ? { actual: 0 } : 'never';
    });
    const long = device.controlOut(DNLOAD, new Uint8Array(0), 60_000);
    const short = device.controlIn(GETSTATUS, 6, 500);
    await long;
    await expect(short).rejects.toMatchObject({ code: 'usb/timeout' });
    expect(clock.now()).toBe(500);
  });

  test('does not end a transfer that is answered in time', async () => {
    const { device, clock } = await opened(async () => {
      await clock.sleep(29_999);
      return { data: Uint8Array.of(1) };
    });
    expect([...(await device.controlIn(GETSTATUS, 6, 30_000))]).toEqual([1]);
  });

  test('ends a reset that never returns', async () => {
    const { device, native, clock } = await opened();
    native.resetWith = 'never';
    await expect(device.reset()).rejects.toMatchObject({ code: 'usb/timeout' });
    expect(clock.now()).toBe(10_000);
  });
});

describe('several transfers at once', () => {
  test('reach the device and settle in the order in which they were started', async () => {
    const served: number[] = [];
    const { device, clock } = await opened(async (transfer) => {
      served.push(transfer.readUInt16LE(2));
      await clock.sleep(1);
      return { data: Uint8Array.of(transfer.readUInt16LE(2)) };
    });
    const settled: number[] = [];
    const numbers = [1, 2, 3, 4, 5, 6, 7, 8];
    await Promise.all(
      numbers.map(async (value) => settled.push((await device.controlIn({ ...GETSTATUS, value }, 6, 1000))[0]!)),
    );
    expect(served).toEqual(numbers);
    expect(settled).toEqual(numbers);
  });

  test('do not keep a later one waiting beyond its deadline', async () => {
    const { device, clock } = await opened(byRequest({ 3: 'never' }));
    const settled: string[] = [];
    const wait = (name: string, timeoutMs: number) =>
      device.controlIn(GETSTATUS, 6, timeoutMs).catch(() => settled.push(`${name} at ${clock.now()}`));
    await Promise.all([wait('first', 2000), wait('second', 1000)]);
    expect(settled).toEqual(['second at 1000', 'first at 2000']);
  });

  test('all end when the device is pulled', async () => {
    const { device, usb, native } = await opened(() => 'never');
    const open = Promise.allSettled([1, 2, 3].map(() => device.controlIn(GETSTATUS, 6, 60_000)));
    await new Promise((resolve) => setImmediate(resolve));
    usb.unplug(native);
    expect((await open).map((result) => result.status === 'rejected' && result.reason.code)).toEqual(
      Array(3).fill('usb/gone'),
    );
  });
});

describe('an I/O error', () => {
  test('of a device that is leaving is usb/gone', async () => {
    const { device, usb, native, clock } = await opened(() => ({ errno: 1 }));
    const failing = device.controlIn(GETSTATUS, 6, 1000);
    await clock.sleep(200);
    usb.unplug(native);
    await expect(failing).rejects.toMatchObject({ code: 'usb/gone' });
  });

  test('of a device whose address another one has taken is usb/gone', async () => {
    const { device, usb, native } = await opened(() => ({ errno: 1 }));
    usb.devices = usb.devices.filter((other) => other !== native);
    usb.plug();
    await expect(device.controlIn(GETSTATUS, 6, 1000)).rejects.toMatchObject({ code: 'usb/gone' });
  });

  test('of a device that stays is usb/io', async () => {
    const { device } = await opened(() => ({ errno: 1 }));
    await expect(device.controlIn(GETSTATUS, 6, 1000)).rejects.toMatchObject({ code: 'usb/io' });
  });
});

describe('closing', () => {
  test('ends the transfers in flight with usb/gone and closes the device, also twice', async () => {
    const { device, native } = await opened(() => 'never');
    const open = Promise.allSettled([1, 2].map(() => device.controlIn(GETSTATUS, 6, 60_000)));
    await Promise.all([device.close(), device.close()]);
    expect((await open).map((result) => result.status === 'rejected' && result.reason.code)).toEqual([
      'usb/gone',
      'usb/gone',
    ]);
    expect(native.isOpen).toBe(false);
  });

  test('makes every later request usb/gone', async () => {
    const { device } = await opened();
    await device.close();
    await expect(device.controlIn(GETSTATUS, 6, 1000)).rejects.toMatchObject({ code: 'usb/gone' });
    await expect(device.bulkOut(1, new Uint8Array(1), 1000)).rejects.toMatchObject({ code: 'usb/gone' });
    await expect(device.reset()).rejects.toMatchObject({ code: 'usb/gone' });
  });

  test('ends also when libusb never gives a transfer back', async () => {
    const { device, native, clock } = await opened(() => 'never');
    native.ignoresCancel = true;
    const open = expect(device.controlIn(GETSTATUS, 6, 60_000)).rejects.toMatchObject({ code: 'usb/gone' });
    await device.close();
    await open;
    expect(clock.now()).toBe(1_000);
  });

  test('goes on in the background: the device is busy until libusb gives its last transfer back', async () => {
    const { bus, device, native, clock } = await opened(async () => {
      await clock.sleep(5_000);
      return { data: Uint8Array.of(1) };
    });
    native.ignoresCancel = true;
    const [info] = await bus.list();
    const open = expect(device.controlIn(GETSTATUS, 6, 60_000)).rejects.toMatchObject({ code: 'usb/gone' });
    await device.close();
    await open;
    expect(native.isOpen).toBe(true);
    await expect(bus.open(info!)).rejects.toMatchObject({ code: 'usb/busy' });
    await clock.sleep(5_000);
    expect(native.isOpen).toBe(false);
    await expect(bus.open(info!)).resolves.toBeDefined();
  });

  test('the bus closes every device and stops listening', async () => {
    const { bus, usb, native } = await opened();
    await bus.waitForChange(10);
    expect(usb.listenerCount('attach')).toBe(1);
    await bus.close();
    expect(native.isOpen).toBe(false);
    expect(usb.listenerCount('attach') + usb.listenerCount('detach')).toBe(0);
  });
});

describe('waiting for a change', () => {
  test('ends at its deadline when nothing happens', async () => {
    const { bus, clock } = bench();
    await bus.list();
    await bus.waitForChange(3_000);
    expect(clock.now()).toBe(3_000);
  });

  test('ends at once for a device that came after the last list', async () => {
    const { bus, usb, clock } = bench();
    await bus.list();
    usb.plug();
    await bus.waitForChange(3_000);
    expect(clock.now()).toBe(0);
  });

  test.each([
    ['an event', true],
    ['no event, as without udevd', false],
  ])('ends soon when a device comes with %s', async (_, event) => {
    const { bus, usb, clock } = bench();
    await bus.list();
    if (!event) usb.emit = () => false;
    const waiting = bus.waitForChange(60_000);
    await clock.sleep(1_010);
    usb.plug();
    await waiting;
    expect(clock.now() - 1_010).toBe(event ? 0 : 90);
  });

  test('sees that another device has taken the address of one that left', async () => {
    const { bus, usb, clock } = bench();
    const native = usb.plug();
    await bus.list();
    usb.devices = usb.devices.filter((other) => other !== native);
    usb.plug();
    await bus.waitForChange(3_000);
    expect(clock.now()).toBe(0);
  });
});

describe('bulk transfers', () => {
  test('go both ways, each on its endpoint', async () => {
    const seen: [number, string][] = [];
    const { device } = await opened((transfer, endpoint) => {
      seen.push([endpoint, transfer.toString('hex')]);
      return endpoint === 0x81 ? { data: Uint8Array.of(7, 8) } : { actual: transfer.length };
    });
    await device.bulkOut(1, Uint8Array.of(1, 2, 3), 1000);
    expect([...(await device.bulkIn(1, 64, 1000))]).toEqual([7, 8]);
    expect(seen[0]).toEqual([0x01, '010203']);
    expect(seen[1]?.[0]).toBe(0x81);
  });

  test('that the device does not take whole have failed', async () => {
    const { device } = await opened(() => ({ actual: 2 }));
    await expect(device.bulkOut(1, new Uint8Array(3), 1000)).rejects.toMatchObject({ code: 'usb/io' });
  });
});
