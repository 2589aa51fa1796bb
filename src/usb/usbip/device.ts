import type { Socket } from 'node:net';
import type { Clock } from '../../base/clock.ts';
import { isPhaselineError, PhaselineError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { ControlSetup, UsbDevice, UsbDeviceInfo } from '../port.ts';
import type { ByteQueue } from './codec/byte-queue.ts';
import { DIRECTION, type Direction, ERRNO } from './codec/constants.ts';
import { encodeSetup, encodeSubmitHead, encodeUnlink, type SubmitReply, takeReply } from './codec/urbs.ts';
import { OpenTransfers } from './open-transfers.ts';

const NO_DATA = new Uint8Array(0);
const NO_SETUP = new Uint8Array(8);

/** SET_FEATURE(PORT_RESET) to a hub: what Linux's usbip-host takes for a reset of the exported device (stub_rx.c). */
const PORT_RESET: ControlSetup = { requestType: 0x23, request: 3, value: 4, index: 0 };
const PORT_RESET_MS = 5_000;

const SET_INTERFACE = { requestType: 0x01, request: 11 } as const;

export interface ImportedDevice {
  readonly info: UsbDeviceInfo;
  /** busnum << 16 | devnum. */
  readonly deviceId: number;
  readonly socket: Socket;
  /** Bytes that came behind the reply to the import. */
  readonly rest: ByteQueue;
}

/** An imported device: every transfer is a URB on its TCP connection. */
export class UsbipDevice implements UsbDevice {
  readonly info: UsbDeviceInfo;
  readonly #deviceId: number;
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #transfers: OpenTransfers;
  readonly #onGone: () => void;
  /** By the number of the UNLINK, the transfer that it gave up. */
  readonly #unlinks = new Map<number, number>();
  #sequence = 0;
  #gone: PhaselineError | undefined;
  #corked = false;

  constructor(imported: ImportedDevice, clock: Clock, log: Log, onGone: () => void) {
    const { socket, rest } = imported;
    this.info = imported.info;
    this.#deviceId = imported.deviceId;
    this.#socket = socket;
    this.#clock = clock;
    this.#log = log;
    this.#onGone = onGone;
    this.#transfers = new OpenTransfers(clock, (sequence) => this.#unlink(sequence));
    socket.on('data', (chunk: Uint8Array) => {
      rest.push(chunk);
      this.#receive(rest);
    });
    socket.on('error', (error) => this.#lose('usb/gone', `the connection broke: ${error.message}`, error));
    socket.on('close', () => this.#lose('usb/gone', 'the connection was closed'));
    this.#receive(rest);
    socket.resume();
  }

  controlIn(setup: ControlSetup, length: number, timeoutMs: number): Promise<Uint8Array> {
    return this.#submit(DIRECTION.USBIP_DIR_IN, 0, encodeSetup({ ...setup, length }), length, NO_DATA, timeoutMs);
  }

  async controlOut(setup: ControlSetup, data: Uint8Array, timeoutMs: number): Promise<void> {
    const packet = encodeSetup({ ...setup, length: data.length });
    await this.#submit(DIRECTION.USBIP_DIR_OUT, 0, packet, data.length, data, timeoutMs);
  }

  bulkIn(endpoint: number, length: number, timeoutMs: number): Promise<Uint8Array> {
    return this.#submit(DIRECTION.USBIP_DIR_IN, endpoint & 0x0f, NO_SETUP, length, NO_DATA, timeoutMs);
  }

  async bulkOut(endpoint: number, data: Uint8Array, timeoutMs: number): Promise<void> {
    await this.#submit(DIRECTION.USBIP_DIR_OUT, endpoint & 0x0f, NO_SETUP, data.length, data, timeoutMs);
  }

  selectAlternate(alternate: number, timeoutMs: number): Promise<void> {
    return this.controlOut({ ...SET_INTERFACE, value: alternate, index: 0 }, NO_DATA, timeoutMs);
  }

  /**
   * USB/IP has no message for a port reset; Linux's server takes a hub request for one, and so does the
   * simulated board's. A server that passes it to the device instead gets a stall: usb/io.
   */
  async reset(): Promise<void> {
    try {
      await this.controlOut(PORT_RESET, NO_DATA, PORT_RESET_MS);
    } catch (error) {
      if (!isPhaselineError(error, 'usb/stall')) throw error;
      throw new PhaselineError('usb/io', 'the USB/IP server does not carry port resets', {}, error);
    }
  }

  close(): Promise<void> {
    this.#lose('usb/gone', 'closed');
    return Promise.resolve();
  }

  #submit(
    direction: Direction,
    endpoint: number,
    setup: Uint8Array,
    length: number,
    data: Uint8Array,
    timeoutMs: number,
  ): Promise<Uint8Array> {
    if (this.#gone) return Promise.reject(new PhaselineError(this.#gone.code, this.#gone.message));
    return new Promise((resolve, reject) => {
      const sequence = this.#nextSequence();
      const receiveBytes = direction === DIRECTION.USBIP_DIR_IN ? length : 0;
      const deadline = this.#clock.now() + timeoutMs;
      this.#transfers.add(sequence, { receiveBytes, sendBytes: data.length, resolve, reject, deadline, timeoutMs });
      const deviceId = this.#deviceId;
      this.#write(encodeSubmitHead({ sequence, deviceId, direction, endpoint, length, setup }), data);
    });
  }

  #unlink(target: number): void {
    if (this.#gone) return;
    this.#log.debug({ port: this.info.port, transfer: target }, 'giving a transfer up');
    const sequence = this.#nextSequence();
    this.#unlinks.set(sequence, target);
    this.#write(encodeUnlink({ sequence, deviceId: this.#deviceId, target }));
  }

  #nextSequence(): number {
    this.#sequence = (this.#sequence + 1) >>> 0;
    return this.#sequence;
  }

  // All that is started in one turn of the event loop leaves in one system call.
  #write(head: Uint8Array, data: Uint8Array = NO_DATA): void {
    if (!this.#corked) {
      this.#corked = true;
      this.#socket.cork();
      process.nextTick(() => {
        this.#corked = false;
        this.#socket.uncork();
      });
    }
    this.#socket.write(head);
    if (data.length > 0) this.#socket.write(data);
  }

  #receive(queue: ByteQueue): void {
    try {
      for (;;) {
        const reply = takeReply(queue, (sequence) => this.#transfers.receiveLimit(sequence));
        if (!reply || this.#gone) return;
        if (reply.reply === 'submit') {
          this.#settle(reply);
          continue;
        }
        const target = this.#unlinks.get(reply.sequence);
        this.#unlinks.delete(reply.sequence);
        if (target !== undefined) this.#transfers.forget(target);
      }
    } catch (error) {
      this.#lose('usb/protocol', (error as Error).message, error);
    }
  }

  #settle({ sequence, status, actualLength, data }: SubmitReply): void {
    const transfer = this.#transfers.settle(sequence);
    if (!transfer) return;
    const { sendBytes } = transfer;
    if (status !== 0) transfer.reject(failure(-status));
    else if (sendBytes > 0 && actualLength !== sendBytes) {
      transfer.reject(new PhaselineError('usb/io', `${actualLength} of ${sendBytes} bytes went out`));
    } else transfer.resolve(data);
  }

  #lose(code: 'usb/gone' | 'usb/protocol', message: string, cause?: unknown): void {
    if (this.#gone) return;
    this.#gone = new PhaselineError(code, `device ${this.info.port}: ${message}`, { port: this.info.port }, cause);
    this.#log.debug({ port: this.info.port, code }, message);
    this.#socket.destroy();
    this.#transfers.endAll(this.#gone);
    this.#onGone();
  }
}

/** What a URB's status means (Linux's usb error codes, Documentation/driver-api/usb/error-codes.rst). */
function failure(errno: number): PhaselineError {
  switch (errno) {
    case ERRNO.EPIPE:
      return new PhaselineError('usb/stall', 'the device stalled the request', { errno });
    case ERRNO.ENODEV:
    case ERRNO.ESHUTDOWN:
      return new PhaselineError('usb/gone', 'the device left the bus', { errno });
    default:
      return new PhaselineError('usb/io', `a transfer failed with error number ${errno}`, { errno });
  }
}
