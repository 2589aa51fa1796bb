import type { Clock } from '../base/clock.ts';
import { deadlineIn, LATE, within } from '../base/deadline.ts';
import { isPhaselineError, PhaselineError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { hexNumber } from '../base/sizes.ts';
import { errorOf } from './libusb-errors.ts';
import type { NativeDevice, UsbModule } from './libusb-module.ts';
import { Pipe } from './libusb-pipe.ts';
import type { ControlSetup, UsbDevice, UsbDeviceInfo } from './port.ts';

/** libusb_transfer_type. */
const TYPE = { CONTROL: 0, BULK: 2 } as const;
const SETUP_BYTES = 8;
const DIRECTION_IN = 0x80;
/** USB 2.0 §9.4.10, to interface 0. */
const SET_INTERFACE = { requestType: 0x01, request: 11, index: 0 } as const;
const RESET_MS = 10_000;
/** A hub tells the host about a lost device only when it is asked, every 256 ms at most (USB 2.0 §11.12.1). */
const NOTICE_MS = 500;
const NOTICE_POLL_MS = 50;

export interface LibusbDeviceOptions {
  readonly usb: UsbModule;
  readonly native: NativeDevice;
  readonly info: UsbDeviceInfo;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether this enumeration is still on the bus; throws when the bus cannot say. */
  readonly isThere: () => boolean;
  /** Called when the device itself says that it has left, which the bus may notice later. */
  readonly onGone: () => void;
  /** Called when the handle is closed, which may be later than `close` resolves. */
  readonly onClose: () => void;
}

/** A device that is open with interface 0 claimed. */
export class LibusbDevice implements UsbDevice {
  readonly info: UsbDeviceInfo;
  readonly #options: LibusbDeviceOptions;
  readonly #control: Pipe;
  readonly #bulk = new Map<number, Pipe>();
  #closing: Promise<void> | undefined;
  /** Ends when no reset is under way. */
  #resets: Promise<unknown> = Promise.resolve();

  constructor(options: LibusbDeviceOptions) {
    this.#options = options;
    this.info = options.info;
    this.#control = this.#pipe(0, TYPE.CONTROL, describeControl);
  }

  async controlIn(setup: ControlSetup, length: number, timeoutMs: number): Promise<Uint8Array> {
    const buffer = setupBuffer(setup, length);
    const actual = await this.#transfer(this.#control, buffer, timeoutMs);
    return buffer.subarray(SETUP_BYTES, SETUP_BYTES + actual);
  }

  async controlOut(setup: ControlSetup, data: Uint8Array, timeoutMs: number): Promise<void> {
    const buffer = setupBuffer(setup, data.length);
    buffer.set(data, SETUP_BYTES);
    insistOnAll(await this.#transfer(this.#control, buffer, timeoutMs), data.length, describeControl(buffer));
  }

  async bulkIn(endpoint: number, length: number, timeoutMs: number): Promise<Uint8Array> {
    const buffer = Buffer.allocUnsafe(length);
    const actual = await this.#transfer(this.#bulkPipe(endpoint | DIRECTION_IN), buffer, timeoutMs);
    return buffer.subarray(0, actual);
  }

  async bulkOut(endpoint: number, data: Uint8Array, timeoutMs: number): Promise<void> {
    const pipe = this.#bulkPipe(endpoint & ~DIRECTION_IN);
    insistOnAll(await this.#transfer(pipe, Buffer.from(data), timeoutMs), data.length, describeBulk(endpoint));
  }

  /**
   * SET_INTERFACE as a transfer of its own. The system call for it gives up after 5 s in the Linux kernel,
   * which is too short for a board that still writes (FINDINGS §3), blocks a thread that cannot be stopped,
   * and makes the kernel send alternate 0 when the device is closed. DFU alternates have no endpoints
   * that the kernel would have to know of.
   */
  selectAlternate(alternate: number, timeoutMs: number): Promise<void> {
    return this.controlOut({ ...SET_INTERFACE, value: alternate }, new Uint8Array(0), timeoutMs);
  }

  async reset(): Promise<void> {
    if (this.#closing) throw closed();
    const { native, clock } = this.#options;
    const done = new Promise<{ readonly errno: number } | undefined>((resolve) => {
      try {
        native.reset(resolve);
      } catch (error) {
        throw errorOf(error, 'reset');
      }
    });
    this.#resets = Promise.allSettled([this.#resets, done]);
    const result = await within(clock, RESET_MS, done);
    if (result === LATE) throw new PhaselineError('usb/timeout', `reset: no answer within ${RESET_MS / 1000} s`);
    if (result) throw errorOf(result, 'reset');
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { log } = this.#options;
    const pipes = [this.#control, ...this.#bulk.values()];
    await Promise.all(pipes.map((pipe) => pipe.end()));
    try {
      this.#closeNative();
    } catch (error) {
      // A transfer or a reset that libusb has not given back: nobody waits for it, and the device is busy until then.
      log.warn({ port: this.info.port, reason: String(error) }, 'the USB device cannot be closed yet');
      const returned = Promise.all([this.#resets, ...pipes.map((pipe) => pipe.returned())]);
      returned.then(() => this.#closeNative()).catch((late) => log.warn({ reason: String(late) }, 'nor later'));
    }
  }

  #closeNative(): void {
    const { native, onClose } = this.#options;
    native.close(); // gives interface 0 back as well
    onClose();
  }

  async #transfer(pipe: Pipe, buffer: Buffer, timeoutMs: number): Promise<number> {
    if (this.#closing) throw closed();
    try {
      return await pipe.transfer(buffer, timeoutMs);
    } catch (error) {
      const failure = await this.#failure(error);
      if (isPhaselineError(failure, 'usb/gone') && !this.#closing) this.#options.onGone();
      throw failure;
    }
  }

  async #failure(error: unknown): Promise<unknown> {
    if (!isPhaselineError(error, 'usb/io') || !(await this.#hasLeft())) return error;
    return new PhaselineError('usb/gone', `${error.message}; the device left the bus`, error.details, error);
  }

  /** A device that is pulled fails first and leaves the list a little later. */
  async #hasLeft(): Promise<boolean> {
    const { isThere, clock } = this.#options;
    const deadline = deadlineIn(clock, NOTICE_MS);
    for (;;) {
      if (!isThere()) return true;
      if (deadline.passed()) return false;
      await clock.sleep(NOTICE_POLL_MS);
    }
  }

  #bulkPipe(endpoint: number): Pipe {
    const pipe = this.#bulk.get(endpoint) ?? this.#pipe(endpoint, TYPE.BULK, () => describeBulk(endpoint));
    this.#bulk.set(endpoint, pipe);
    return pipe;
  }

  #pipe(endpoint: number, type: number, describe: (buffer: Buffer) => string): Pipe {
    const { usb, native, clock } = this.#options;
    return new Pipe({ usb, device: native, endpoint, type, describe, clock });
  }
}

/** USB 2.0 table 9-2, followed by room for the data. */
function setupBuffer(setup: ControlSetup, length: number): Buffer {
  const buffer = Buffer.allocUnsafe(SETUP_BYTES + length);
  buffer.writeUInt8(setup.requestType, 0);
  buffer.writeUInt8(setup.request, 1);
  buffer.writeUInt16LE(setup.value, 2);
  buffer.writeUInt16LE(setup.index, 4);
  buffer.writeUInt16LE(length, 6);
  return buffer;
}

function describeControl(buffer: Buffer): string {
  const type = hexNumber(buffer.readUInt8(0));
  return `control request ${type}/${buffer.readUInt8(1)}, value ${buffer.readUInt16LE(2)}`;
}

function describeBulk(endpoint: number): string {
  return `bulk transfer on endpoint ${hexNumber(endpoint)}`;
}

function insistOnAll(actual: number, wanted: number, what: string): void {
  if (actual !== wanted) throw new PhaselineError('usb/io', `${what}: ${actual} of ${wanted} bytes went out`);
}

function closed(): PhaselineError {
  return new PhaselineError('usb/gone', 'the device was closed');
}
