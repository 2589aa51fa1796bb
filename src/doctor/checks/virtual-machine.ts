import type { Check } from '../check.ts';
import { isWsl, virtualMachineOf } from '../surroundings.ts';

/**
 * Whether somebody else decides which USB devices we see. Between the stages a board leaves the bus and
 * comes back as a new device, which the host keeps unless it is told otherwise (protocol.md Q-5); that
 * it does cannot be seen from within.
 */
export const virtualMachine: Check = {
  id: 'virtual-machine',
  needs: 'linux',
  look: ({ system }) => {
    const machine = virtualMachineOf(system);
    if (machine === undefined) return { status: 'ok', message: 'not in a virtual machine' };
    const help = isWsl(system)
      ? 'Attach the board with usbipd attach --wsl --auto-attach'
      : 'Set a USB filter for 0483:df11, so that each new device of a board is passed on by itself';
    return { status: 'note', message: `in a virtual machine (${machine}): each stage is a new device`, help };
  },
};
