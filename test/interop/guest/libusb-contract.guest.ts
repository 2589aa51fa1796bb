import { realClock } from '../../../src/base/clock.ts';
import { silentLog } from '../../../src/base/log.ts';
import { libusbBus, libusbBusWith } from '../../../src/usb/libusb.ts';
import { loadUsbModuleAgain } from '../../../src/usb/libusb-module.ts';
import type { UsbBus } from '../../../src/usb/port.ts';
import { portContract } from '../../usb/contract.ts';
import { askHost } from './plugs.ts';

const options = { clock: realClock, log: silentLog };

/** Another program has a libusb of its own, and looks for the device by itself. */
function otherProgram(): UsbBus {
  const bus = libusbBusWith(loadUsbModuleAgain(), options);
  return {
    name: bus.name,
    list: () => bus.list(),
    waitForChange: (ms) => bus.waitForChange(ms),
    close: () => bus.close(),
    async open(wanted) {
      const own = (await bus.list()).find(({ key }) => key === wanted.key);
      return bus.open(own ?? wanted);
    },
  };
}

portContract('over libusb', async () => {
  await askHost('fresh');
  return { bus: await libusbBus(options), otherProgram: otherProgram(), close: () => Promise.resolve() };
});
