import type { Check } from '../check.ts';
import { DEVICES } from '../devices.ts';
import { containerOf, isWsl, virtualMachineOf } from '../surroundings.ts';
import type { System } from '../system.ts';

export const SYSFS_USB = '/sys/bus/usb';
/** Where libusb opens devices. */
const NODES = '/dev/bus/usb';

/** Whether this machine, container or WSL has USB at all. */
export const usbBus: Check = {
  id: 'usb-bus',
  needs: 'linux',
  look: ({ system }) => {
    const buses = system.names(DEVICES).filter((name) => /^usb\d+$/.test(name)).length;
    const container = containerOf(system);
    if (buses === 0 || !system.exists(NODES)) {
      const [missing, where] = buses === 0 ? ['USB bus', DEVICES] : ['device nodes', NODES];
      const message = `no ${missing} in ${where}${placeText(system)}`;
      return { status: 'failed', message, help: helpFor(system) };
    }
    const some = `${buses} USB bus${buses === 1 ? '' : 'es'}`;
    if (container === undefined) return { status: 'ok', message: some };
    const help = `Pass ${NODES} as a folder, not one device in it: each stage of a board is a new device`;
    return { status: 'note', message: `${some}, in a container (${container})`, help };
  },
};

function placeText(system: System): string {
  const container = containerOf(system);
  if (container !== undefined) return `, in a container (${container})`;
  return isWsl(system) ? ', in WSL' : '';
}

function helpFor(system: System): string {
  if (containerOf(system) !== undefined) {
    return `Start the container with --privileged -v ${NODES}:${NODES}, or use --bus usbip://HOST:PORT`;
  }
  if (isWsl(system)) {
    return 'Attach the board in Windows: usbipd bind, then usbipd attach --wsl --auto-attach --busid BUSID';
  }
  if (virtualMachineOf(system) !== undefined) return 'Give the virtual machine a USB controller (USB 2.0 or newer)';
  return 'Load the USB host driver of the kernel (modprobe xhci_pci), and see dmesg';
}
