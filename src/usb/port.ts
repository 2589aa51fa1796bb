/**
 * The USB port: what phaseline needs of a bus and of a device on it. Types only.
 *
 * Four things implement it: libusb, a USB/IP client, the simulated board in the same process, and a
 * recorded trace. All of them fail with PhaselineError and these codes:
 *   usb/stall    the device refused the request (endpoint 0 recovers by itself)
 *   usb/timeout  no answer within the time given; the transfer was cancelled, the device stays usable
 *   usb/gone     the device left the bus, or is closed
 *   usb/io       anything else that the host controller reports
 *   usb/busy, usb/access, usb/no-bus   from `list` and `open` only
 */

export type UsbSpeed = 'low' | 'full' | 'high' | 'super' | 'unknown';

/** A device as its bus lists it, without opening it. */
export interface UsbDeviceInfo {
  /** Where it is plugged in: bus and hub ports, `1-2.3`. The same after each re-enumeration. */
  readonly port: string;
  /** Names this enumeration of the device: bus and address. May be used again after the device left. */
  readonly key: string;
  readonly vendorId: number;
  readonly productId: number;
  /** bcdDevice. */
  readonly deviceVersion: number;
  readonly speed: UsbSpeed;
}

export interface ControlSetup {
  readonly requestType: number;
  readonly request: number;
  readonly value: number;
  readonly index: number;
}

/**
 * An open device with interface 0 claimed. Transfers may be started without waiting for the one
 * before; they reach the device in the order in which they were started, and settle in that order. One
 * whose time is up settles then, whatever has become of those before. Data to send is lent: it must stay
 * as it is until its transfer has settled.
 */
export interface UsbDevice {
  readonly info: UsbDeviceInfo;
  /** Device-to-host control transfer: at most `length` bytes, fewer when the device says less. */
  controlIn(setup: ControlSetup, length: number, timeoutMs: number): Promise<Uint8Array>;
  /** Host-to-device control transfer. Resolves when the device acknowledged all of `data`. */
  controlOut(setup: ControlSetup, data: Uint8Array, timeoutMs: number): Promise<void>;
  bulkIn(endpoint: number, length: number, timeoutMs: number): Promise<Uint8Array>;
  bulkOut(endpoint: number, data: Uint8Array, timeoutMs: number): Promise<void>;
  /** SET_INTERFACE on interface 0. */
  selectAlternate(alternate: number, timeoutMs: number): Promise<void>;
  /** Resets the port. The device may come back under another key; this handle is then gone. */
  reset(): Promise<void>;
  /** Gives interface and device back. Transfers in flight end with usb/gone. Closing twice is allowed. */
  close(): Promise<void>;
}

export interface UsbBus {
  /** What to call it in messages: `libusb`, `usbip://127.0.0.1:3240`. */
  readonly name: string;
  list(): Promise<readonly UsbDeviceInfo[]>;
  open(device: UsbDeviceInfo): Promise<UsbDevice>;
  /** Resolves when a device may have come or gone, after `timeoutMs` at the latest. Never rejects. */
  waitForChange(timeoutMs: number): Promise<void>;
  /** Closes every device that is still open, and the bus. */
  close(): Promise<void>;
}
