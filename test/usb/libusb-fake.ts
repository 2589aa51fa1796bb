import { EventEmitter } from 'node:events';
import type { NativeDevice, NativeTransfer, TransferCallback, UsbModule } from '../../src/usb/libusb-module.ts';

/** How a transfer ends: libusb's status and the data of an IN transfer; `never` = the device says nothing. */
type Ending = { readonly errno: number } | { readonly data: Uint8Array } | { readonly actual: number } | 'never';

/** Decides over each transfer by its bytes; a promise delays it. */
export type Handler = (transfer: Buffer, endpoint: number) => Ending | Promise<Ending>;

export interface FakeDevice extends NativeDevice {
  handler: Handler;
  /** errno that these calls throw. */
  failures: { open?: number; claim?: number; submit?: number };
  resetWith: { readonly errno: number } | undefined | 'never';
  /** A wedged kernel: cancelled transfers do not come back. */
  ignoresCancel: boolean;
  isOpen: boolean;
  inFlight: number;
}

class Failure extends Error {
  readonly errno: number;

  constructor(errno: number) {
    super(`errno ${errno}`);
    this.errno = errno;
  }
}

const CANCELLED = { errno: 3 } as const;
const NO_DEVICE = { errno: 5 } as const;

/**
 * The surface of the npm package `usb` 2.18 that the adapter uses, with its habits: transfers of a
 * device are served in order, a cancelled one comes back with errno 3, one that could not be submitted is
 * spoilt (src/transfer.cc), `close` throws while a transfer is pending, and a new enumeration is a new
 * object even at an old address.
 */
export class FakeUsb extends EventEmitter implements UsbModule {
  devices: FakeDevice[] = [];
  listFailure: number | undefined;
  transfersMade = 0;
  readonly Transfer: UsbModule['Transfer'];
  readonly #pulled = new Map<FakeDevice, () => void>();

  constructor() {
    super();
    const pulled = this.#pulled;
    const count = () => {
      this.transfersMade += 1;
    };
    const lines = new Map<FakeDevice, Promise<void>>();
    const unplugged = new Map<FakeDevice, Promise<typeof NO_DEVICE>>();
    this.Transfer = class implements NativeTransfer {
      readonly #device: FakeDevice;
      readonly #endpoint: number;
      readonly #callback: TransferCallback;
      #cancel: (() => void) | undefined;
      /** As the native one: it keeps the buffer of a submission that failed, and takes no other. */
      #buffer: Buffer | undefined;

      constructor(device: NativeDevice, endpoint: number, _type: number, _timeout: number, callback: TransferCallback) {
        count();
        this.#device = device as FakeDevice;
        this.#endpoint = endpoint;
        this.#callback = callback;
      }

      submit(buffer: Buffer): void {
        const device = this.#device;
        if (this.#buffer) throw new Error('Transfer is already active');
        if (!device.isOpen) throw new Error('Device is not open');
        this.#buffer = buffer;
        if (device.failures.submit !== undefined) throw new Failure(device.failures.submit);
        device.inFlight += 1;
        const cancelled = new Promise<typeof CANCELLED>((resolve) => {
          this.#cancel = () => resolve(CANCELLED);
        });
        const gone =
          unplugged.get(device) ??
          new Promise<typeof NO_DEVICE>((resolve) => pulled.set(device, () => resolve(NO_DEVICE)));
        unplugged.set(device, gone);
        const before = lines.get(device) ?? Promise.resolve();
        const turn = before.then(() => device.handler(buffer, this.#endpoint));
        const served = turn.then((ending) => (ending === 'never' ? new Promise<never>(() => undefined) : ending));
        const ended = Promise.race([served, cancelled, gone]);
        // One that is cancelled while it waits for its turn ends nobody else's.
        lines.set(
          device,
          Promise.all([before, ended]).then(() => undefined),
        );
        void ended.then((ending) => {
          device.inFlight -= 1;
          this.#cancel = undefined;
          this.#buffer = undefined;
          this.#complete(ending, buffer);
        });
      }

      cancel(): boolean {
        if (!this.#device.ignoresCancel) this.#cancel?.();
        return this.#cancel !== undefined;
      }

      #complete(ending: Exclude<Ending, 'never'>, buffer: Buffer): void {
        if ('errno' in ending) {
          this.#callback(ending, buffer, 0);
          return;
        }
        const room = this.#endpoint === 0 ? 8 : 0;
        if ('data' in ending) buffer.set(ending.data, room);
        this.#callback(undefined, buffer, 'data' in ending ? ending.data.length : ending.actual);
      }
    };
  }

  getDeviceList(): NativeDevice[] {
    if (this.listFailure !== undefined) throw new Failure(this.listFailure);
    return [...this.devices];
  }

  unrefHotplugEvents(): void {}

  plug(options: Partial<Pick<FakeDevice, 'busNumber' | 'deviceAddress' | 'portNumbers' | 'handler'>> = {}): FakeDevice {
    const device: FakeDevice = {
      busNumber: 1,
      deviceAddress: 7,
      portNumbers: [2, 3],
      deviceDescriptor: { idVendor: 0x0483, idProduct: 0xdf11, bcdDevice: 0x0200 },
      handler: () => ({ data: new Uint8Array(0) }),
      ...options,
      failures: {},
      resetWith: undefined,
      ignoresCancel: false,
      isOpen: false,
      inFlight: 0,
      open() {
        if (device.failures.open !== undefined) throw new Failure(device.failures.open);
        device.isOpen = true;
      },
      close() {
        if (device.inFlight > 0) throw new Error("Can't close device with a pending request");
        device.isOpen = false;
      },
      interface: () => ({
        claim: () => {
          if (device.failures.claim !== undefined) throw new Failure(device.failures.claim);
        },
      }),
      reset(callback) {
        const { resetWith } = device;
        device.inFlight += 1;
        if (resetWith === 'never') return;
        setImmediate(() => {
          device.inFlight -= 1;
          callback(resetWith);
        });
      },
    };
    this.devices.push(device);
    this.emit('attach', device);
    return device;
  }

  unplug(device: FakeDevice): void {
    this.devices = this.devices.filter((other) => other !== device);
    this.#pulled.get(device)?.();
    this.emit('detach', device);
  }
}
