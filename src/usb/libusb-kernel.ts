import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';

/** A device as the Linux kernel shows it in sysfs, whether or not libusb has heard of it. */
export interface KernelDevice {
  /** Bus and address, `1:7`, as in UsbDeviceInfo. */
  readonly key: string;
  /** Another number for every enumeration, also where bus and address are those of an earlier one. */
  readonly enumeration: number;
}

/** What libusb's list of devices is held against. */
export interface KernelView {
  devices(): readonly KernelDevice[];
  /** Whether a udev daemon is there, from which libusb learns what comes and goes. */
  hasUdev(): boolean;
}

const DEVICES = '/sys/bus/usb/devices';
/** Devices only: `usb1` is a root hub, `1-2:1.0` an interface. */
const DEVICE_NAME = /^\d+-\d+(\.\d+)*$/;
const UDEV_SOCKET = '/run/udev/control';

export const linuxKernel: KernelView = {
  devices: () =>
    readdirSync(DEVICES)
      .filter((name) => DEVICE_NAME.test(name))
      .flatMap((name) => {
        try {
          const facts = readFileSync(`${DEVICES}/${name}/uevent`, 'latin1');
          const [bus, address] = [/^BUSNUM=(\d+)/m.exec(facts)?.[1], /^DEVNUM=(\d+)/m.exec(facts)?.[1]];
          // The directory is made anew for each enumeration, and sysfs does not use its inode numbers again.
          const { ino } = statSync(`${DEVICES}/${name}`);
          return bus && address ? [{ key: `${Number(bus)}:${Number(address)}`, enumeration: ino }] : [];
        } catch {
          return []; // it left while it was being read
        }
      }),
  hasUdev: () => existsSync(UDEV_SOCKET),
};
