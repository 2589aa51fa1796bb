import { type Device, interfaceDrivers, usbDevices } from '../devices.ts';
import { GADGETS } from '../gadgets.ts';
import type { System } from '../system.ts';

/** A USB device as a bundle tells of it. */
export interface UsbEntry {
  readonly port: string;
  readonly ids: string;
  readonly isHub: boolean;
  readonly speed: number | null;
  /** Of boards only: what other devices are called is nobody's business. */
  readonly product: string | null;
  readonly mayOpen: boolean;
  /** By interface. */
  readonly drivers: Readonly<Record<string, string>>;
}

/** The USB devices of this machine; empty where the kernel does not show them as files. */
export function usbTree(system: System): readonly UsbEntry[] {
  return usbDevices(system).map((device) => ({
    port: device.port,
    ids: `${device.vendorId}:${device.productId}`,
    isHub: device.isHub,
    speed: device.speed ?? null,
    product: isOfSt(device) ? (device.product ?? null) : null,
    mayOpen: system.mayOpen(device.node),
    drivers: Object.fromEntries(interfaceDrivers(system, device)),
  }));
}

function isOfSt({ vendorId }: Device): boolean {
  return GADGETS.some((gadget) => gadget.vendorId === vendorId);
}
