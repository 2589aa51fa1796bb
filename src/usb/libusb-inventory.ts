import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { KernelDevice, KernelView } from './libusb-kernel.ts';
import type { NativeDevice, UsbModule } from './libusb-module.ts';

/** A device in libusb's list, and the instance of libusb whose list it is. */
export interface ListedDevice {
  readonly usb: UsbModule;
  readonly native: NativeDevice;
}

export interface InventoryOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Absent where the system has no such view: libusb's list is then believed. */
  readonly kernel?: KernelView;
  /** Makes a further instance of libusb, which looks at the bus anew. */
  readonly loadAgain?: () => UsbModule;
}

/** How long a running udev may take to pass on what the kernel shows already: it works off its rules first. */
const UDEV_MS = 2_000;
/** Without one: so long that a device which is just leaving has left the kernel's list as well. */
const NO_UDEV_MS = 100;
/** An instance of libusb cannot be given back before the process ends: a thread and some files each. */
const MOST_INSTANCES = 256;

/**
 * The devices that are really there. libusb on Linux learns of comings and goings from a udev daemon
 * only; without one (containers, small systems) its list stays as it was at the start. So the list is
 * held against the kernel's: what the kernel no longer shows is left out, and for what libusb has not
 * noticed a further instance of it is made (docs/decisions/hotplug-without-udev.md).
 */
export class Inventory {
  readonly #options: InventoryOptions;
  #usb: UsbModule;
  #instances = 1;
  /** By native device, the enumeration that it stands for. */
  readonly #enumerations = new WeakMap<NativeDevice, number>();
  /** By enumeration: since when libusb should know it; never again when an instance made for it did not. */
  readonly #missing = new Map<number, number>();
  /** Enumerations that are over, although the kernel or libusb may still show them for a moment. */
  readonly #struck = new Set<number | NativeDevice>();
  /** Nobody knows how long ago the given instance looked at the bus. */
  #isFirstLook = true;

  constructor(usb: UsbModule, options: InventoryOptions) {
    this.#usb = usb;
    this.#options = options;
  }

  /** The instance that looked at the bus last. */
  get usb(): UsbModule {
    return this.#usb;
  }

  /** Throws what libusb or the file system throws. Root hubs, which the kernel's list has not, are left out. */
  devices(): readonly ListedDevice[] {
    const { kernel } = this.#options;
    if (!kernel) return this.#listed();
    const there = this.#there(kernel);
    const known = this.#match(there);
    if (!this.#shouldLoadAgain(kernel, there, known)) return known;
    const again = this.#match(there);
    for (const { enumeration } of unknown(there, this.#enumerationsOf(again))) {
      this.#missing.set(enumeration, Number.POSITIVE_INFINITY);
    }
    return again;
  }

  /** Whether the enumeration that `native` stands for is still on the bus. */
  has(native: NativeDevice): boolean {
    const { kernel } = this.#options;
    if (!kernel) return this.#listed().some((listed) => listed.native === native);
    const enumeration = this.#enumerations.get(native);
    return this.#there(kernel).some((device) => device.enumeration === enumeration);
  }

  /** From now on the enumeration of `native` counts as gone. */
  strike(native: NativeDevice): void {
    const { kernel } = this.#options;
    const enumeration = kernel ? this.#enumerations.get(native) : native;
    if (enumeration !== undefined) this.#struck.add(enumeration);
  }

  #there(kernel: KernelView): readonly KernelDevice[] {
    return kernel.devices().filter(({ enumeration }) => !this.#struck.has(enumeration));
  }

  #listed(): readonly ListedDevice[] {
    const usb = this.#usb;
    const isOurs = (native: NativeDevice) => native.portNumbers?.length && !this.#struck.has(native);
    return usb.getDeviceList().flatMap((native) => (isOurs(native) ? [{ usb, native }] : []));
  }

  #match(there: readonly KernelDevice[]): readonly ListedDevice[] {
    const enumerations = new Map(there.map(({ key, enumeration }) => [key, enumeration]));
    return this.#listed().filter(({ native }) => {
      const now = enumerations.get(`${native.busNumber}:${native.deviceAddress}`);
      if (now === undefined) return false;
      if (!this.#enumerations.has(native)) this.#enumerations.set(native, now);
      return this.#enumerations.get(native) === now;
    });
  }

  #enumerationsOf(known: readonly ListedDevice[]): ReadonlySet<number | undefined> {
    return new Set(known.map(({ native }) => this.#enumerations.get(native)));
  }

  #shouldLoadAgain(kernel: KernelView, there: readonly KernelDevice[], known: readonly ListedDevice[]): boolean {
    const { clock, log, loadAgain } = this.#options;
    const missing = unknown(there, this.#enumerationsOf(known));
    const now = clock.now();
    for (const enumeration of this.#missing.keys()) {
      if (!missing.some((device) => device.enumeration === enumeration)) this.#missing.delete(enumeration);
    }
    for (const { enumeration } of missing) {
      if (!this.#missing.has(enumeration)) this.#missing.set(enumeration, now);
    }
    const patience = this.#isFirstLook ? 0 : kernel.hasUdev() ? UDEV_MS : NO_UDEV_MS;
    this.#isFirstLook = false;
    const overdue = missing.filter(({ enumeration }) => now - (this.#missing.get(enumeration) ?? now) >= patience);
    if (overdue.length === 0 || !loadAgain || this.#instances >= MOST_INSTANCES) return false;
    this.#usb = loadAgain();
    this.#instances += 1;
    log.debug({ devices: overdue, instances: this.#instances }, 'libusb has not noticed a device and looks anew');
    return true;
  }
}

function unknown(there: readonly KernelDevice[], known: ReadonlySet<number | undefined>): readonly KernelDevice[] {
  return there.filter(({ enumeration }) => !known.has(enumeration));
}
