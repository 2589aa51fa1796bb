import type { Clock } from '../base/clock.ts';
import { PhaselineError } from '../base/errors.ts';
import type { ControlSetup, UsbDevice, UsbDeviceInfo } from '../usb/port.ts';
import type { Transfer, TransferResult } from './transfer.ts';
import type { UsbConnector } from './usb-connector.ts';

const NO_DATA = new Uint8Array(0);
const SET_INTERFACE = { requestType: 0x01, request: 11 } as const;

/** A device on the in-process bus, for as long as this enumeration lasts. */
export class SimulatedDevice implements UsbDevice {
  readonly info: UsbDeviceInfo;
  readonly #connector: UsbConnector;
  readonly #enumeration: number;
  readonly #clock: Clock;
  readonly #onClose: () => void;
  readonly #open = new Set<Transfer>();
  #closed = false;

  constructor(info: UsbDeviceInfo, connector: UsbConnector, clock: Clock, onClose: () => void) {
    this.info = info;
    this.#connector = connector;
    this.#enumeration = connector.enumeration;
    this.#clock = clock;
    this.#onClose = onClose;
  }

  controlIn(setup: ControlSetup, length: number, timeoutMs: number): Promise<Uint8Array> {
    const transfer = this.#connector.control(this.#at(), { ...setup, length }, NO_DATA);
    return this.#await(transfer, timeoutMs, length);
  }

  async controlOut(setup: ControlSetup, data: Uint8Array, timeoutMs: number): Promise<void> {
    // A copy, as over a wire: what the caller does with its buffer later is its own affair.
    const sent = data.slice();
    await this.#await(this.#connector.control(this.#at(), { ...setup, length: data.length }, sent), timeoutMs, 0);
  }

  bulkIn(endpoint: number, length: number, timeoutMs: number): Promise<Uint8Array> {
    return this.#await(this.#connector.bulkIn(this.#at(), endpoint, length), timeoutMs, length);
  }

  async bulkOut(endpoint: number, data: Uint8Array, timeoutMs: number): Promise<void> {
    await this.#await(this.#connector.bulkOut(this.#at(), endpoint, data.slice()), timeoutMs, 0);
  }

  selectAlternate(alternate: number, timeoutMs: number): Promise<void> {
    return this.controlOut({ ...SET_INTERFACE, value: alternate, index: 0 }, NO_DATA, timeoutMs);
  }

  reset(): Promise<void> {
    if (this.#at() !== this.#connector.enumeration || !this.#connector.visible) return Promise.reject(gone());
    this.#connector.busReset();
    return Promise.resolve();
  }

  close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      for (const transfer of [...this.#open]) transfer.cancel();
      this.#connector.release(this.#enumeration);
      this.#onClose();
    }
    return Promise.resolve();
  }

  // A closed handle belongs to no enumeration: its transfers are `gone`.
  #at(): number {
    return this.#closed ? -1 : this.#enumeration;
  }

  async #await(transfer: Transfer, timeoutMs: number, limit: number): Promise<Uint8Array> {
    return dataOf(transfer.outcome ?? (await this.#outcome(transfer, timeoutMs)), limit);
  }

  #outcome(transfer: Transfer, timeoutMs: number): Promise<TransferResult> {
    return new Promise((resolve, reject) => {
      const timer = new AbortController();
      this.#open.add(transfer);
      transfer.onSettled((result) => {
        this.#open.delete(transfer);
        timer.abort('answered'); // a reason costs less than the DOMException without one
        resolve(result);
      });
      this.#clock.sleep(timeoutMs, timer.signal).then(
        () => {
          reject(new PhaselineError('usb/timeout', `no answer within ${timeoutMs} ms`));
          transfer.cancel();
        },
        () => undefined, // answered in time
      );
    });
  }
}

function dataOf(result: TransferResult, limit: number): Uint8Array {
  switch (result.status) {
    case 'ok':
      return result.data.slice(0, limit);
    case 'stall':
      throw new PhaselineError('usb/stall', 'the device stalled the request');
    default: // cancelled by close(), or off the bus
      throw gone();
  }
}

function gone(): PhaselineError {
  return new PhaselineError('usb/gone', 'the device left the bus');
}
