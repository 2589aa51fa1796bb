import type { Clock } from '../base/clock.ts';
import { deadlineIn } from '../base/deadline.ts';
import { PhaselineError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { LibusbDevice } from './libusb-device.ts';
import { errorOf } from './libusb-errors.ts';
import { Inventory, type InventoryOptions, type ListedDevice } from './libusb-inventory.ts';
import { linuxKernel } from './libusb-kernel.ts';
import { loadUsbModule, loadUsbModuleAgain, type NativeDevice, type UsbModule } from './libusb-module.ts';
import type { UsbBus, UsbDevice, UsbDeviceInfo } from './port.ts';

export interface LibusbOptions {
  readonly clock: Clock;
  readonly log: Log;
}

/** What is open in this process, by whatever bus: a second opening would share the handle, and its end. */
const openInProcess = new WeakSet<NativeDevice>();

/** Between two looks at the bus, for systems that report no changes (hotplug needs udevd). */
const POLL_MS = 100;

/** The USB buses of this machine. Fails with `usb/no-bus` where there are none or libusb cannot be loaded. */
export async function libusbBus(options: LibusbOptions): Promise<UsbBus> {
  const usb = await loadUsbModule();
  const onLinux = process.platform === 'linux' ? { kernel: linuxKernel, loadAgain: loadUsbModuleAgain } : {};
  return libusbBusWith(usb, { ...options, ...onLinux });
}

/** The same over a given native module, and on what is given as the kernel's view. */
export function libusbBusWith(usb: UsbModule, options: InventoryOptions): UsbBus {
  return new LibusbBus(new Inventory(usb, options), options);
}

/**
 * Listing, opening and claiming are system calls that libusb makes on the calling thread and that return at
 * once or fail; all that can wait for a device is a transfer or a reset and has a deadline.
 */
class LibusbBus implements UsbBus {
  readonly name = 'libusb';
  readonly #inventory: Inventory;
  readonly #options: LibusbOptions;
  /** Which enumeration an info was made from: bus and address alone may name another device by now. */
  readonly #listed = new WeakMap<UsbDeviceInfo, ListedDevice>();
  readonly #open = new Map<NativeDevice, LibusbDevice>();
  /** What the last `list` or `waitForChange` saw. */
  #seen: readonly NativeDevice[] = [];
  #wake: AbortController | undefined;
  #listeningTo: UsbModule | undefined;

  constructor(inventory: Inventory, options: LibusbOptions) {
    this.#inventory = inventory;
    this.#options = options;
  }

  async list(): Promise<readonly UsbDeviceInfo[]> {
    const devices = this.#asking(() => this.#inventory.devices());
    this.#seen = devices.map(({ native }) => native);
    return devices.map((listed) => {
      const info = infoOf(listed.native);
      this.#listed.set(info, listed);
      return info;
    });
  }

  async open(info: UsbDeviceInfo): Promise<UsbDevice> {
    const listed = this.#listed.get(info);
    const doing = `open ${info.port}`;
    const isThere = () => listed !== undefined && this.#asking(() => this.#inventory.has(listed.native));
    if (!listed || !isThere()) throw new PhaselineError('usb/gone', `${doing}: the device left the bus`);
    const { native, usb } = listed;
    if (openInProcess.has(native)) throw new PhaselineError('usb/busy', `${doing}: already open`);
    try {
      native.open();
    } catch (error) {
      throw errorOf(error, doing);
    }
    try {
      native.interface(0).claim();
    } catch (error) {
      native.close();
      throw errorOf(error, `claim interface 0 of ${info.port}`);
    }
    const onClose = () => {
      openInProcess.delete(native);
      this.#open.delete(native);
    };
    const onGone = () => this.#inventory.strike(native);
    const device = new LibusbDevice({ ...this.#options, usb, native, info, isThere, onGone, onClose });
    this.#open.set(native, device);
    openInProcess.add(native);
    return device;
  }

  async waitForChange(timeoutMs: number): Promise<void> {
    const { clock } = this.#options;
    const deadline = deadlineIn(clock, timeoutMs);
    this.#listen();
    while (!this.#changed() && !deadline.passed()) {
      this.#wake ??= new AbortController();
      await clock.sleep(Math.min(POLL_MS, deadline.remaining()), this.#wake.signal).catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map((device) => device.close()));
    this.#stopListening();
  }

  #asking<T>(question: () => T): T {
    try {
      return question();
    } catch (error) {
      const { message, details } = errorOf(error, 'list USB devices');
      throw new PhaselineError('usb/no-bus', message, details, error);
    }
  }

  #changed(): boolean {
    let now: readonly NativeDevice[];
    try {
      now = this.#inventory.devices().map(({ native }) => native);
    } catch {
      return true; // `list` will say what is wrong
    }
    const same = now.length === this.#seen.length && now.every((native) => this.#seen.includes(native));
    this.#seen = now;
    return !same;
  }

  #listen(): void {
    const { usb } = this.#inventory;
    if (this.#listeningTo === usb) return;
    this.#stopListening();
    this.#listeningTo = usb;
    for (const event of EVENTS) usb.on(event, this.#onEvent);
    usb.unrefHotplugEvents();
  }

  #stopListening(): void {
    for (const event of EVENTS) this.#listeningTo?.off(event, this.#onEvent);
    this.#listeningTo = undefined;
  }

  readonly #onEvent = () => {
    this.#wake?.abort();
    this.#wake = undefined;
  };
}

const EVENTS = ['attach', 'detach'] as const;

function infoOf(native: NativeDevice): UsbDeviceInfo {
  const { idVendor, idProduct, bcdDevice } = native.deviceDescriptor;
  return {
    port: `${native.busNumber}-${native.portNumbers?.join('.')}`,
    key: `${native.busNumber}:${native.deviceAddress}`,
    vendorId: idVendor,
    productId: idProduct,
    deviceVersion: bcdDevice,
    speed: 'unknown',
  };
}
