import type { Check } from '../check.ts';
import { interfaceDrivers, usbDevices } from '../devices.ts';

/** USB 2.0 §4.1.1: seven tiers, the root hub and the device among them. */
const MOST_HUBS = 5;

/** Whether hubs are plugged into hubs too often: the kernel leaves such a hub alone, and nothing behind it appears. */
export const hubs: Check = {
  id: 'hubs',
  needs: 'linux',
  look: ({ system, boards }) => {
    const devices = usbDevices(system);
    const dead = devices.filter(
      (device) => device.isHub && hubsBefore(device.port) >= MOST_HUBS && interfaceDrivers(system, device).size === 0,
    );
    if (dead.length > 0) {
      const ports = dead.map(({ port }) => port).join(', ');
      const message = `hub ${ports} has ${MOST_HUBS} hubs before it: what is plugged in there stays unseen`;
      return { status: 'failed', message, help: 'Plug it in nearer to the computer' };
    }
    const chains = boards.map(({ port }) => `${port} behind ${hubsBefore(port)}`);
    if (chains.length > 0) return { status: 'ok', message: `hubs: ${chains.join(', ')} (at most ${MOST_HUBS})` };
    return { status: 'ok', message: `no more than ${MOST_HUBS} hubs in a row` };
  },
};

/** `1-2` is plugged into the root hub, which does not count. */
function hubsBefore(port: string): number {
  return port.split('.').length - 1;
}
