import { realClock } from '../../../src/base/clock.ts';
import { silentLog } from '../../../src/base/log.ts';
import { libusbBus } from '../../../src/usb/libusb.ts';
import { windowContract } from '../../dfu/window-contract.ts';
import { askHost } from './plugs.ts';

async function overLibusb(fault: string) {
  await askHost(`uboot ${fault}`);
  return { bus: await libusbBus({ clock: realClock, log: silentLog }), close: () => Promise.resolve() };
}

windowContract('over libusb', realClock, overLibusb, { sparse: true });
