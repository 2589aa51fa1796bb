import type { Clock } from '../../../src/base/clock.ts';
import type { UsbBus, UsbDevice } from '../../../src/usb/port.ts';

/** The same bus, for a host that hears of the end of each control transfer `lateMs` later. */
export function lateBus(bus: UsbBus, clock: Clock, lateMs: number): UsbBus {
  if (lateMs === 0) return bus;
  const late = async <T>(transfer: Promise<T>): Promise<T> => {
    try {
      return await transfer;
    } finally {
      await clock.sleep(lateMs);
    }
  };
  const lateDevice = (device: UsbDevice): UsbDevice => ({
    info: device.info,
    controlIn: (...asked) => late(device.controlIn(...asked)),
    controlOut: (...asked) => late(device.controlOut(...asked)),
    bulkIn: (...asked) => device.bulkIn(...asked),
    bulkOut: (...asked) => device.bulkOut(...asked),
    selectAlternate: (...asked) => late(device.selectAlternate(...asked)),
    reset: () => device.reset(),
    close: () => device.close(),
  });
  return {
    name: bus.name,
    list: () => bus.list(),
    open: async (info) => lateDevice(await bus.open(info)),
    waitForChange: (timeoutMs) => bus.waitForChange(timeoutMs),
    close: () => bus.close(),
  };
}
