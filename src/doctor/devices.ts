import { GADGETS } from './gadgets.ts';
import type { System } from './system.ts';

export const DEVICES = '/sys/bus/usb/devices';
/** Devices only: `usb1` is a root hub, `1-2:1.0` an interface. */
const DEVICE_NAME = /^\d+-\d+(\.\d+)*$/;

/** A USB device as the kernel shows it. */
export interface Device {
  /** `1-2.3`. */
  readonly port: string;
  readonly vendorId: string;
  readonly productId: string;
  /** iProduct, as it was when the device was enumerated. */
  readonly product: string | undefined;
  /** Mbit/s. */
  readonly speed: number | undefined;
  readonly isHub: boolean;
  /** `/dev/bus/usb/001/005`. */
  readonly node: string;
  /** What udev has written down about it. */
  readonly record: string;
}

export function usbDevices(system: System): readonly Device[] {
  return system
    .names(DEVICES)
    .filter((name) => DEVICE_NAME.test(name))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .flatMap((port) => deviceAt(system, port) ?? []);
}

/** Undefined when it left while it was being read. */
function deviceAt(system: System, port: string): Device | undefined {
  const read = (name: string) => system.text(`${DEVICES}/${port}/${name}`)?.trim();
  const vendorId = read('idVendor');
  const productId = read('idProduct');
  const [bus, address] = [read('busnum'), read('devnum')];
  if (!vendorId || !productId || !bus || !address) return undefined;
  const speed = Number(read('speed') || Number.NaN);
  return {
    port,
    vendorId,
    productId,
    product: read('product'),
    speed: Number.isFinite(speed) ? speed : undefined,
    isHub: read('bDeviceClass') === '09',
    node: `/dev/bus/usb/${bus.padStart(3, '0')}/${address.padStart(3, '0')}`,
    record: `/run/udev/data/c${read('dev')}`,
  };
}

/**
 * Whether this is a board of ours, as far as the kernel can tell without asking it: in DFU mode the
 * product string of each stage names a device id, that of a microcontroller none (protocol.md §1.1).
 */
export function isBoard({ vendorId, productId, product }: Device): boolean {
  const gadget = GADGETS.find((entry) => entry.vendorId === vendorId && entry.productId === productId);
  if (gadget?.reached !== 'usb') return false;
  return productId !== 'df11' || product === undefined || product.includes('@Device ID /0x');
}

/** The driver of each interface: `usbfs` when a program has claimed it. Interfaces without one are left out. */
export function interfaceDrivers(system: System, { port }: Device): ReadonlyMap<string, string> {
  const drivers = new Map<string, string>();
  for (const name of system.names(DEVICES)) {
    if (!name.startsWith(`${port}:`)) continue;
    const driver = system.target(`${DEVICES}/${name}/driver`)?.split('/').at(-1);
    if (driver) drivers.set(name, driver);
  }
  return drivers;
}
