import type { UsbBus, UsbDevice } from '../../src/usb/port.ts';

/** A bus that counts the control transfers of every device opened through it. */
export interface CountingBus extends UsbBus {
  readonly transfers: number;
}

export function countingBus(bus: UsbBus): CountingBus {
  let transfers = 0;
  const counted = (device: UsbDevice): UsbDevice => ({
    info: device.info,
    controlIn: (setup, length, timeoutMs) => {
      transfers += 1;
      return device.controlIn(setup, length, timeoutMs);
    },
    controlOut: (setup, data, timeoutMs) => {
      transfers += 1;
      return device.controlOut(setup, data, timeoutMs);
    },
    bulkIn: (endpoint, length, timeoutMs) => device.bulkIn(endpoint, length, timeoutMs),
    bulkOut: (endpoint, data, timeoutMs) => device.bulkOut(endpoint, data, timeoutMs),
    selectAlternate: (alternate, timeoutMs) => {
      transfers += 1;
      return device.selectAlternate(alternate, timeoutMs);
    },
    reset: () => device.reset(),
    close: () => device.close(),
  });
  return {
    name: bus.name,
    get transfers() {
      return transfers;
    },
    list: () => bus.list(),
    open: async (info) => counted(await bus.open(info)),
    waitForChange: (timeoutMs) => bus.waitForChange(timeoutMs),
    close: () => bus.close(),
  };
}
