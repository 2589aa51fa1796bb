import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { PhaselineError } from '../base/errors.ts';
import { errnoName } from './libusb-errors.ts';

/** What phaseline uses of the npm package `usb` 2.18; tests put their own bus behind it. */
export interface UsbModule {
  getDeviceList(): NativeDevice[];
  readonly Transfer: new (
    device: NativeDevice,
    endpoint: number,
    type: number,
    timeout: number,
    callback: TransferCallback,
  ) => NativeTransfer;
  on(event: 'attach' | 'detach', listener: () => void): unknown;
  off(event: 'attach' | 'detach', listener: () => void): unknown;
  /** Lets the process end although somebody listens for attach and detach. */
  unrefHotplugEvents(): void;
}

export type TransferCallback = (error: { readonly errno: number } | undefined, buffer: Buffer, actual: number) => void;

export interface NativeTransfer {
  submit(buffer: Buffer): unknown;
  cancel(): boolean;
}

/** One enumeration of a device: libusb makes a new object when something else appears at the same address. */
export interface NativeDevice {
  readonly busNumber: number;
  readonly deviceAddress: number;
  /** Missing on root hubs. */
  readonly portNumbers?: readonly number[];
  readonly deviceDescriptor: { readonly idVendor: number; readonly idProduct: number; readonly bcdDevice: number };
  open(): void;
  close(): void;
  interface(number: number): { claim(): void };
  reset(callback: (error?: { readonly errno: number }) => void): void;
}

const require = createRequire(import.meta.url);

/** The instance that was made last, if there is more than the first one. */
let newest: UsbModule | undefined;

/** Where Linux shows its USB buses. */
const LINUX_BUS = '/sys/bus/usb';

/** Loads the native module, only now that somebody wants libusb. Fails with `usb/no-bus` and says what is missing. */
export async function loadUsbModule(): Promise<UsbModule> {
  if (process.platform === 'linux' && !existsSync(LINUX_BUS)) {
    throw new PhaselineError('usb/no-bus', `this system has no USB bus (${LINUX_BUS} does not exist)`);
  }
  const { usb } = await import('usb').catch((error: unknown) => {
    const reason = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error);
    throw new PhaselineError('usb/no-bus', `the libusb module cannot be loaded: ${reason}`, {}, error);
  });
  if (usb.INIT_ERROR) {
    throw new PhaselineError('usb/no-bus', `libusb cannot start: ${errnoName(usb.INIT_ERROR)}`);
  }
  return newest ?? (usb as unknown as UsbModule);
}

/**
 * A further instance of the native module in this process, with a libusb of its own that looks at the
 * bus anew. It lives until the process ends. Throws what loading it throws.
 */
export function loadUsbModuleAgain(): UsbModule {
  const entry = require.resolve('usb');
  const folder = `${dirname(dirname(entry))}${sep}`;
  for (const path of Object.keys(require.cache)) {
    if (path.startsWith(folder)) delete require.cache[path];
  }
  const { usb } = require(entry) as typeof import('usb');
  if (usb.INIT_ERROR) throw new Error(`libusb cannot start: ${errnoName(usb.INIT_ERROR)}`);
  newest = usb as unknown as UsbModule;
  return newest;
}
