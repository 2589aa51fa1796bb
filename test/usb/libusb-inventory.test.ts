import { describe, expect, test } from 'vitest';
import { silentLog } from '../../src/base/log.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { libusbBusWith } from '../../src/usb/libusb.ts';
import { Inventory } from '../../src/usb/libusb-inventory.ts';
import type { KernelDevice } from '../../src/usb/libusb-kernel.ts';
import type { UsbDevice } from '../../src/usb/port.ts';
import { type FakeDevice, FakeUsb, type Handler } from './libusb-fake.ts';

/** A machine: what its kernel shows, and the instances of libusb, of which each saw the bus when it was made. */
function machine({ udev = false, invisible = '' } = {}) {
  const clock = new VirtualClock();
  const there = new Map<number, KernelDevice & { readonly handler?: Handler }>();
  const instances = [new FakeUsb()];
  let enumerations = 0;

  const sees = (usb: FakeUsb, { key, handler }: KernelDevice & { readonly handler?: Handler }): FakeDevice => {
    const [busNumber = 0, deviceAddress = 0] = key.split(':').map(Number);
    return usb.plug({ busNumber, deviceAddress, portNumbers: [deviceAddress], ...(handler && { handler }) });
  };
  const loadAgain = () => {
    const usb = new FakeUsb();
    instances.push(usb);
    for (const device of there.values()) if (device.key !== invisible) sees(usb, device);
    return usb;
  };
  const options = {
    clock,
    log: silentLog,
    kernel: { devices: () => [...there.values()], hasUdev: () => udev },
    loadAgain,
  };
  return {
    clock,
    instances,
    options,
    newest: () => instances.at(-1) as FakeUsb,
    inventory: () => new Inventory(instances[0] as FakeUsb, options),
    bus: () => libusbBusWith(instances[0] as FakeUsb, options),
    /** The kernel shows a device; libusb learns of it only when told. */
    plug(key: string, { noticed = false, handler }: { readonly noticed?: boolean; readonly handler?: Handler } = {}) {
      enumerations += 1;
      const device = { key, enumeration: enumerations, ...(handler && { handler }) };
      there.set(device.enumeration, device);
      if (noticed) sees(instances.at(-1) as FakeUsb, device);
      return device;
    },
    unplug: ({ enumeration }: KernelDevice) => there.delete(enumeration),
  };
}

const keysOf = (inventory: Inventory) =>
  inventory.devices().map(({ native }) => `${native.busNumber}:${native.deviceAddress}`);

describe('libusb that was told of nothing since it started', () => {
  test('is made anew for a device that the kernel shows', async () => {
    const at = machine();
    const inventory = at.inventory();
    expect(keysOf(inventory)).toEqual([]);
    at.plug('1:5');
    expect(keysOf(inventory)).toEqual([]);
    await at.clock.sleep(100);
    expect(keysOf(inventory)).toEqual(['1:5']);
    expect(at.instances).toHaveLength(2);
  });

  test('is made anew at once by the first look, which cannot know how old it is', () => {
    const at = machine();
    at.plug('1:5');
    expect(keysOf(at.inventory())).toEqual(['1:5']);
  });

  test('is made anew once only for a device that it cannot see even so', async () => {
    const at = machine({ invisible: '1:6' });
    const inventory = at.inventory();
    at.plug('1:6');
    for (let i = 0; i < 20; i += 1) {
      expect(keysOf(inventory)).toEqual([]);
      await at.clock.sleep(200);
    }
    expect(at.instances).toHaveLength(2);
    at.plug('1:7');
    keysOf(inventory);
    await at.clock.sleep(100);
    expect(keysOf(inventory)).toEqual(['1:7']);
  });

  test('is made anew no more than 255 times in a process', async () => {
    const at = machine();
    const inventory = at.inventory();
    for (let i = 1; i <= 300; i += 1) {
      const device = at.plug(`1:${(i % 127) + 1}`);
      keysOf(inventory);
      await at.clock.sleep(100);
      keysOf(inventory);
      at.unplug(device);
    }
    expect(at.instances).toHaveLength(256);
  });

  test('does not keep a device that the kernel no longer shows', () => {
    const at = machine();
    const device = at.plug('1:5', { noticed: true });
    const inventory = at.inventory();
    const [listed] = inventory.devices();
    at.unplug(device);
    expect(keysOf(inventory)).toEqual([]);
    expect(inventory.has(listed!.native)).toBe(false);
  });

  test('does not pass an old device off as another one that has got its address', async () => {
    const at = machine();
    const before = at.plug('1:5', { noticed: true });
    const inventory = at.inventory();
    const [old] = inventory.devices();
    at.unplug(before);
    at.plug('1:5');
    expect(keysOf(inventory)).toEqual([]);
    expect(inventory.has(old!.native)).toBe(false);
    await at.clock.sleep(100);
    const [now] = inventory.devices();
    expect(now?.native).not.toBe(old?.native);
    expect(now?.usb).toBe(at.newest());
  });
});

describe('libusb with a udev daemon', () => {
  test('is given two seconds to notice by itself', async () => {
    const at = machine({ udev: true });
    const inventory = at.inventory();
    inventory.devices();
    at.plug('1:5');
    inventory.devices();
    await at.clock.sleep(1_999);
    inventory.devices();
    expect(at.instances).toHaveLength(1);
    await at.clock.sleep(1);
    expect(keysOf(inventory)).toEqual(['1:5']);
    expect(at.instances).toHaveLength(2);
  });

  test('that notices in time stays the only one', async () => {
    const at = machine({ udev: true });
    const inventory = at.inventory();
    inventory.devices();
    for (let address = 1; address <= 20; address += 1) {
      at.plug(`1:${address}`, { noticed: true });
      inventory.devices();
      await at.clock.sleep(500);
    }
    expect(inventory.devices()).toHaveLength(20);
    expect(at.instances).toHaveLength(1);
  });
});

describe('the bus over it', () => {
  const GETSTATUS = { requestType: 0xa1, request: 3, value: 0, index: 0 };
  const echo: Handler = () => ({ data: Uint8Array.of(7) });
  const ask = (device: UsbDevice) => device.controlIn(GETSTATUS, 6, 1000);

  test('waits for a device that libusb will not notice, opens it, and keeps those that were open', async () => {
    const at = machine();
    at.plug('1:4', { noticed: true, handler: echo });
    const bus = at.bus();
    const [first] = await bus.list();
    const open = await bus.open(first!);
    at.plug('1:5', { handler: echo });
    await bus.waitForChange(5_000);
    expect(at.clock.now()).toBeLessThan(1_000);
    const second = (await bus.list()).find(({ key }) => key === '1:5');
    expect([...(await ask(await bus.open(second!)))]).toEqual([7]);
    expect([...(await ask(open))]).toEqual([7]);
    await bus.close();
  });

  test('opens a device by an entry from before libusb was made anew', async () => {
    const at = machine();
    at.plug('1:4', { noticed: true, handler: echo });
    const bus = at.bus();
    const [entry] = await bus.list();
    at.plug('1:5');
    await bus.waitForChange(5_000);
    await bus.list();
    expect([...(await ask(await bus.open(entry!)))]).toEqual([7]);
    await bus.close();
  });

  test('no longer lists a device that said itself that it has left', async () => {
    const at = machine();
    at.plug('1:4', { noticed: true, handler: () => ({ errno: 5 }) });
    const bus = at.bus();
    const [entry] = await bus.list();
    const device = await bus.open(entry!);
    await expect(ask(device)).rejects.toMatchObject({ code: 'usb/gone' });
    expect(await bus.list()).toEqual([]);
    await device.close();
    await expect(bus.open(entry!)).rejects.toMatchObject({ code: 'usb/gone' });
  });

  test('says usb/no-bus when libusb cannot be made anew', async () => {
    const at = machine();
    at.options.loadAgain = () => {
      throw new Error('libusb cannot start: LIBUSB_ERROR_OTHER');
    };
    const bus = libusbBusWith(at.instances[0] as FakeUsb, at.options);
    at.plug('1:5');
    await expect(bus.list()).rejects.toMatchObject({ code: 'usb/no-bus' });
  });
});
