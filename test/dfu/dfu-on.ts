import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { DfuInterface } from '../../src/dfu/interface.ts';
import type { UsbDevice } from '../../src/usb/port.ts';

/** A DFU interface with eight unnamed alternates over a device that was not asked for descriptors. */
export function dfuOn(device: UsbDevice, transferSize = 4096, clock = new VirtualClock()): DfuInterface {
  return new DfuInterface(
    device,
    {
      functional: { attributes: 0x0f, detachTimeoutMs: 0, transferSize, version: 0x0110 },
      alternates: Array.from({ length: 8 }, (_, index) => ({ index, name: undefined })),
      manufacturer: undefined,
      product: undefined,
      serial: undefined,
    },
    { clock, timeoutMs: 5000 },
  );
}
