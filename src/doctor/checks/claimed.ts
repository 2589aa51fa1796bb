import { type Check, type Finding, together } from '../check.ts';
import { type Device, interfaceDrivers } from '../devices.ts';
import { holdersOf, processText } from '../processes.ts';
import type { System } from '../system.ts';

/** The driver under which an interface stands that a program has claimed. */
const USBFS = 'usbfs';

/** Whether a program or a kernel driver has the boards already. */
export const claimed: Check = {
  id: 'claimed',
  needs: 'board',
  look: ({ system, boards }) => together(boards.map((board) => claimOn(system, board))),
};

function claimOn(system: System, board: Device): Finding {
  const { port, node } = board;
  const drivers = [...interfaceDrivers(system, board)];
  const holders = holdersOf(system, node);
  const who = holders.map(processText).join(', ');
  const kernel = drivers.find(([, driver]) => driver !== USBFS);
  if (kernel) {
    const [name, driver] = kernel;
    const help = `Take it away as root: echo ${name} > /sys/bus/usb/drivers/${driver}/unbind`;
    return { status: 'failed', message: `${port}: the kernel driver ${driver} has it`, help };
  }
  if (drivers.length > 0) {
    const help = holders.length > 0 ? 'Close it' : 'Close it (as root, doctor may be able to name it)';
    return { status: 'failed', message: `${port}: claimed by ${who || 'another program'}`, help };
  }
  if (holders.length > 0) {
    const help = 'Close it if flashing fails with usb/busy';
    return { status: 'note', message: `${port}: open in ${who}, which has not claimed it`, help };
  }
  return { status: 'ok', message: `${port}: free` };
}
