import type { Clock } from '../../base/clock.ts';
import type { UsbBus, UsbDevice, UsbDeviceInfo } from '../port.ts';
import { Journal } from './journal.ts';
import { RecordedDevice } from './recorded-device.ts';
import { statusOf } from './status.ts';

/**
 * The same bus, and every transfer over it written down: `write` gets one line of JSON at a time, without
 * its newline (see lines.ts). Transfers in flight together are written in the order in which they were
 * started. IN data is whole, OUT data above 64 bytes its length and SHA-256.
 */
export function recordBus(bus: UsbBus, clock: Clock, write: (line: string) => void): UsbBus {
  const journal = new Journal(clock, write, bus.name);
  const present = new Map<string, { readonly device: number; readonly info: UsbDeviceInfo }>();
  let devices = 0;

  function attach(info: UsbDeviceInfo, atMs: number): number {
    devices += 1;
    present.set(info.key, { device: devices, info });
    const { port, key, vendorId, productId, deviceVersion, speed } = info;
    const ids = { vendorId, productId, deviceVersion, speed };
    journal.note({ event: 'attach', device: devices, port, key, ...ids, atMs });
    return devices;
  }

  function compare(infos: readonly UsbDeviceInfo[]): void {
    const atMs = journal.now();
    for (const [key, { device, info }] of present) {
      if (infos.some((now) => isSame(now, info))) continue;
      present.delete(key);
      journal.note({ event: 'gone', device, port: info.port, key, atMs });
    }
    for (const info of infos) if (!present.has(info.key)) attach(info, atMs);
  }

  return {
    name: bus.name,
    async list() {
      try {
        const infos = await bus.list();
        compare(infos);
        return infos;
      } catch (error) {
        journal.note({ event: 'list', status: statusOf(error), atMs: journal.now() });
        throw error;
      }
    },
    async open(info) {
      const known = present.get(info.key)?.device;
      const atMs = journal.now();
      let opened: UsbDevice;
      try {
        opened = await bus.open(info);
      } catch (error) {
        // One that is not on the bus cannot be opened; no line is needed to say so.
        if (known !== undefined) journal.note({ event: 'open', device: known, status: statusOf(error), atMs });
        throw error;
      }
      const device = known ?? attach(info, atMs);
      journal.note({ event: 'open', device, status: 'OK', atMs });
      return new RecordedDevice(opened, device, journal);
    },
    waitForChange: (timeoutMs) => bus.waitForChange(timeoutMs),
    async close() {
      await bus.close();
      // What was in flight has ended with it, and gets its line.
      await journal.idle();
    },
  };
}

/** A host controller may give an address again: the same key at another port is another device. */
function isSame(a: UsbDeviceInfo, b: UsbDeviceInfo): boolean {
  return a.key === b.key && a.port === b.port && a.vendorId === b.vendorId && a.productId === b.productId;
}
