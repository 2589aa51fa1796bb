import type { ControlSetup, UsbDevice, UsbDeviceInfo } from '../port.ts';
import { cutData, wholeData } from './data.ts';
import type { Journal } from './journal.ts';
import type { TransferLine } from './lines.ts';
import { DIRECTION_IN, SET_INTERFACE, setupFields } from './request.ts';
import { statusOf } from './status.ts';

/** What of a transfer is known when it starts. */
type Request = Pick<TransferLine, 'setup' | 'bulk' | 'out'>;

/** An open device whose transfers are written down. What is asked of it after `close` is not. */
export class RecordedDevice implements UsbDevice {
  readonly info: UsbDeviceInfo;
  readonly #inner: UsbDevice;
  readonly #number: number;
  readonly #journal: Journal;
  #closed = false;

  constructor(inner: UsbDevice, number: number, journal: Journal) {
    this.info = inner.info;
    this.#inner = inner;
    this.#number = number;
    this.#journal = journal;
  }

  controlIn(setup: ControlSetup, length: number, timeoutMs: number): Promise<Uint8Array> {
    const request = { setup: setupFields(setup, length) };
    return this.#record(request, () => this.#inner.controlIn(setup, length, timeoutMs));
  }

  async controlOut(setup: ControlSetup, data: Uint8Array, timeoutMs: number): Promise<void> {
    const request = { setup: setupFields(setup, data.length), ...outOf(data) };
    await this.#record(request, () => this.#inner.controlOut(setup, data, timeoutMs));
  }

  bulkIn(endpoint: number, length: number, timeoutMs: number): Promise<Uint8Array> {
    const request = { bulk: [endpoint | DIRECTION_IN, length] } as const;
    return this.#record(request, () => this.#inner.bulkIn(endpoint, length, timeoutMs));
  }

  async bulkOut(endpoint: number, data: Uint8Array, timeoutMs: number): Promise<void> {
    const request = { bulk: [endpoint & ~DIRECTION_IN, data.length], ...outOf(data) } as const;
    await this.#record(request, () => this.#inner.bulkOut(endpoint, data, timeoutMs));
  }

  async selectAlternate(alternate: number, timeoutMs: number): Promise<void> {
    const request = { setup: setupFields({ ...SET_INTERFACE, value: alternate }, 0) };
    await this.#record(request, () => this.#inner.selectAlternate(alternate, timeoutMs));
  }

  async reset(): Promise<void> {
    const event = { event: 'reset', device: this.#number, atMs: this.#journal.now() } as const;
    try {
      await this.#inner.reset();
      this.#journal.note({ ...event, status: 'OK' });
    } catch (error) {
      this.#journal.note({ ...event, status: statusOf(error) });
      throw error;
    }
  }

  close(): Promise<void> {
    this.#closed = true;
    return this.#inner.close();
  }

  async #record<T>(request: Request, start: () => Promise<T>): Promise<T> {
    if (this.#closed) return start();
    const journal = this.#journal;
    const place = journal.begin();
    const startMs = journal.now();
    const times = () => ({ startMs, endMs: journal.now() });
    try {
      const data = await start();
      const came = data instanceof Uint8Array ? { in: wholeData(data) } : {};
      journal.complete(place, { device: this.#number, ...request, status: 'OK', ...came, ...times() });
      return data;
    } catch (error) {
      journal.complete(place, { device: this.#number, ...request, status: statusOf(error), ...times() });
      throw error;
    }
  }
}

function outOf(data: Uint8Array): Pick<TransferLine, 'out'> {
  return data.length > 0 ? { out: cutData(data) } : {};
}
