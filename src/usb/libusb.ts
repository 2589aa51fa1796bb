import type { Clock } from '../base/clock.ts';
import { deadlineIn } from '../base/deadline.ts';
import { PhaselineError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { LibusbDevice } from './libusb-device.ts';
import { errorOf } from './libusb-errors.ts';
import { loadUsbModule, type NativeDevice, type UsbModule } from './libusb-module.ts';
import type { UsbBus, UsbDevice, UsbDeviceInfo } from './port.ts';

export interface LibusbOptions {
  readonly clock: Clock;
  readonly log: Log;
}

/** Between two looks at the bus, for systems that report no changes (hotplug needs udevd). */
const POLL_MS = 100;

/** The USB buses of this machine. Fails with `usb/no-bus` where there are none or libusb cannot be loaded. */
export async function libusbBus(options: LibusbOptions): Promise<UsbBus> {
  return libusbBusWith(await loadUsbModule(), options);
}

/** The same over a given native module. */
export function libusbBusWith(usb: UsbModule, options: LibusbOptions): UsbBus {
  return new LibusbBus(usb, options);
}

/**
 * Listing, opening and claiming are system calls that libusb makes on the calling thread and that return at
 * once or fail; all that can wait for a device is a transfer or a reset and has a deadline.
 */
class LibusbBus implements UsbBus {
  readonly name = 'libusb';
  readonly #usb: UsbModule;
  readonly #options: LibusbOptions;
  /** Which enumeration an info was made from: bus and address alone may name another device by now. */
  readonly #natives = new WeakMap<UsbDeviceInfo, NativeDevice>();
  readonly #open = new Map<NativeDevice, LibusbDevice>();
  /** What the last `list` or `waitForChange` saw. */
  #seen: readonly NativeDevice[] = [];
  #wake: AbortController | undefined;
  #listening = false;

  constructor(usb: UsbModule, options: LibusbOptions) {
    this.#usb = usb;
    this.#options = options;
  }

  async list(): Promise<readonly UsbDeviceInfo[]> {
    this.#seen = this.#devices();
    return this.#seen.flatMap((native) => {
      const info = infoOf(native);
      if (info) this.#natives.set(info, native);
      return info ? [info] : [];
    });
  }

  async open(info: UsbDeviceInfo): Promise<UsbDevice> {
    const native = this.#natives.get(info);
    const doing = `open ${info.port}`;
    if (native === undefined || !this.#devices().includes(native)) {
      throw new PhaselineError('usb/gone', `${doing}: the device left the bus`);
    }
    if (this.#open.has(native)) throw new PhaselineError('usb/busy', `${doing}: already open`);
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
    const onClose = () => this.#open.delete(native);
    const device = new LibusbDevice({ ...this.#options, usb: this.#usb, native, info, onClose });
    this.#open.set(native, device);
    return device;
  }

  async waitForChange(timeoutMs: number): Promise<void> {
    const { clock } = this.#options;
    this.#listen();
    const deadline = deadlineIn(clock, timeoutMs);
    while (!this.#changed() && !deadline.passed()) {
      this.#wake ??= new AbortController();
      await clock.sleep(Math.min(POLL_MS, deadline.remaining()), this.#wake.signal).catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map((device) => device.close()));
    if (!this.#listening) return;
    this.#listening = false;
    for (const event of EVENTS) this.#usb.off(event, this.#onEvent);
  }

  #devices(): NativeDevice[] {
    try {
      return this.#usb.getDeviceList();
    } catch (error) {
      const { message, details } = errorOf(error, 'list USB devices');
      throw new PhaselineError('usb/no-bus', message, details, error);
    }
  }

  #changed(): boolean {
    let now: readonly NativeDevice[];
    try {
      now = this.#devices();
    } catch {
      return true; // `list` will say what is wrong
    }
    const same = now.length === this.#seen.length && now.every((native) => this.#seen.includes(native));
    this.#seen = now;
    return !same;
  }

  #listen(): void {
    if (this.#listening) return;
    this.#listening = true;
    for (const event of EVENTS) this.#usb.on(event, this.#onEvent);
    this.#usb.unrefHotplugEvents();
  }

  readonly #onEvent = () => {
    this.#wake?.abort();
    this.#wake = undefined;
  };
}

const EVENTS = ['attach', 'detach'] as const;

/** Undefined for what is not plugged in anywhere: root hubs. */
function infoOf(native: NativeDevice): UsbDeviceInfo | undefined {
  if (native.portNumbers === undefined || native.portNumbers.length === 0) return undefined;
  const { idVendor, idProduct, bcdDevice } = native.deviceDescriptor;
  return {
    port: `${native.busNumber}-${native.portNumbers.join('.')}`,
    key: `${native.busNumber}:${native.deviceAddress}`,
    vendorId: idVendor,
    productId: idProduct,
    deviceVersion: bcdDevice,
    speed: 'unknown',
  };
}
