import type { Check } from '../check.ts';
import { isBoard, usbDevices } from '../devices.ts';

/** Which boards are plugged in. None is no fault; with several, none is guessed. */
export const board: Check = {
  id: 'board',
  needs: 'linux',
  look: ({ system, boards }) => {
    const others = usbDevices(system).filter(
      (device) => device.vendorId === '0483' && device.productId === 'df11' && !isBoard(device),
    );
    const besides = others.length === 0 ? '' : `; other DFU devices: ${others.map(({ port }) => port).join(', ')}`;
    const [first] = boards;
    if (!first) {
      const help = 'Set its boot switches to USB, press reset, and use the USB OTG port';
      return { status: 'note', message: `no board is plugged in${besides}`, help };
    }
    if (boards.length === 1) {
      return { status: 'ok', message: `port:${first.port} ${first.product ?? ''}`.trimEnd() + besides };
    }
    const message = `${boards.length} boards: ${boards.map(({ port }) => `port:${port}`).join(', ')}${besides}`;
    return { status: 'note', message, help: 'Name the one that is meant: --device port:…' };
  },
};
