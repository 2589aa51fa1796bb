import { once } from 'node:events';
import { connect } from 'node:net';
import { realClock } from '../../../src/base/clock.ts';
import { silentLog } from '../../../src/base/log.ts';
import { libusbBus, libusbBusWith } from '../../../src/usb/libusb.ts';
import { loadUsbModuleAgain } from '../../../src/usb/libusb-module.ts';
import type { UsbBus } from '../../../src/usb/port.ts';
import { portContract } from '../../usb/contract.ts';

const options = { clock: realClock, log: silentLog };
const [host = '', port = ''] = (process.env.PHASELINE_PLUGS ?? '').split(':');

/** Has a fresh loopback gadget plugged in; what was there before is pulled. */
async function freshGadget(): Promise<void> {
  const socket = connect({ host, port: Number(port) });
  const [answer] = await once(socket, 'data');
  socket.destroy();
  if (String(answer) !== 'plugged') throw new Error(String(answer));
}

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
  await freshGadget();
  return { bus: await libusbBus(options), otherProgram: otherProgram(), close: () => Promise.resolve() };
});
