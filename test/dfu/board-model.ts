import { PhaselineError } from '../../src/base/errors.ts';
import type { ControlSetup, UsbDevice } from '../../src/usb/port.ts';

/** One transfer as the board saw it. */
export interface Seen {
  readonly request: 'SET_INTERFACE' | 'DNLOAD' | 'UPLOAD' | 'GETSTATUS' | 'CLRSTATUS' | 'GETSTATE' | 'ABORT' | 'DETACH';
  readonly value: number;
  readonly length: number;
  /** The alternate that was selected when it came. */
  readonly alternate: number;
}

export interface ModelOptions {
  /** Alternates that can be read, with their content. */
  readonly content?: Readonly<Record<number, Uint8Array>>;
  /** Fails the transfer with this number (from 0). */
  readonly failAt?: { readonly transfer: number; readonly code: 'usb/stall' | 'usb/timeout' | 'usb/gone' | 'usb/io' };
  /** TF-A says DNLOAD-SYNC once after each block (protocol.md §6.2); U-Boot does not. */
  readonly syncFirst?: boolean;
}

const REQUESTS = ['DETACH', 'DNLOAD', 'UPLOAD', 'GETSTATUS', 'CLRSTATUS', 'GETSTATE', 'ABORT'] as const;

/**
 * The DFU function of a board, from the board's side (protocol.md §6.1): states, the mandatory
 * GETSTATUS, enforced block numbers, and a record of every transfer. Bytes land per alternate.
 */
export class BoardModel implements UsbDevice {
  readonly info = {
    port: '1-2',
    key: '1:7',
    vendorId: 0x0483,
    productId: 0xdf11,
    deviceVersion: 0x200,
    speed: 'high',
  } as const;
  readonly seen: Seen[] = [];
  readonly landed = new Map<number, number[]>();
  readonly #options: ModelOptions;
  #alternate = 0;
  #state = 2;
  #status = 0;
  #next = 0;
  #synced = false;
  #pending: readonly number[] = [];

  constructor(options: ModelOptions = {}) {
    this.#options = options;
  }

  async selectAlternate(alternate: number): Promise<void> {
    this.#note('SET_INTERFACE', alternate, 0);
    this.#alternate = alternate;
    this.#state = 2;
    this.#status = 0;
  }

  async controlOut({ request, value }: ControlSetup, data: Uint8Array): Promise<void> {
    const name = REQUESTS[request];
    if (name === undefined) throw new Error(`request ${request}`);
    this.#note(name, value, data.length);
    if (name === 'DNLOAD') this.#download(value, data);
    else if (name === 'CLRSTATUS') this.#expect([10], 2);
    else if (name === 'ABORT') this.#expect([2, 5, 9], 2);
    else if (name === 'DETACH') this.#expect([2], 0);
    else throw new Error(`OUT ${name}`);
  }

  async controlIn({ request, value }: ControlSetup, length: number): Promise<Uint8Array> {
    const name = REQUESTS[request];
    if (name === undefined) throw new Error(`request ${request}`);
    this.#note(name, value, length);
    if (name === 'GETSTATUS') return this.#getStatus();
    if (name === 'GETSTATE') return Uint8Array.of(this.#state);
    if (name === 'UPLOAD') return this.#upload(value, length);
    throw new Error(`IN ${name}`);
  }

  #download(block: number, data: Uint8Array): void {
    if (this.#state === 2) {
      if (data.length === 0) this.#stall();
      this.#next = block;
      this.landed.set(this.#alternate, []);
    }
    this.#expect([2, 5], data.length > 0 ? 3 : 6);
    this.#synced = false;
    if (block !== this.#next) {
      this.#state = 10;
      this.#status = 14;
      return;
    }
    this.#next = (block + 1) & 0xffff;
    this.#pending = [...data];
  }

  #getStatus(): Uint8Array {
    if (this.#state === 3) {
      if (this.#options.syncFirst && !this.#synced) {
        this.#synced = true;
      } else {
        this.landed.get(this.#alternate)?.push(...this.#pending);
        this.#state = 5;
      }
    } else if (this.#state === 6) this.#state = 7;
    else if (this.#state === 7) this.#state = 2;
    return Uint8Array.of(this.#status, 0, 0, 0, this.#state, 0);
  }

  #upload(block: number, length: number): Uint8Array {
    const content = this.#options.content?.[this.#alternate] ?? new Uint8Array(0);
    if (this.#state === 2) this.#next = 0;
    this.#expect([2, 9], 9);
    if (block !== this.#next) this.#stall();
    this.#next = (block + 1) & 0xffff;
    const data = content.subarray(block * length, (block + 1) * length);
    if (data.length < length) this.#state = 2;
    return data;
  }

  #expect(states: readonly number[], next: number): void {
    if (!states.includes(this.#state)) this.#stall();
    this.#state = next;
    if (next === 2) this.#status = 0;
  }

  #stall(): never {
    this.#state = 10;
    throw new PhaselineError('usb/stall', 'stall');
  }

  #note(request: Seen['request'], value: number, length: number): void {
    const { failAt } = this.#options;
    const number = this.seen.length;
    this.seen.push({ request, value, length, alternate: this.#alternate });
    if (failAt?.transfer === number) throw new PhaselineError(failAt.code, `transfer ${number} fails`);
  }

  bulkIn(): Promise<Uint8Array> {
    throw new Error('no bulk endpoint');
  }

  bulkOut(): Promise<void> {
    throw new Error('no bulk endpoint');
  }

  async reset(): Promise<void> {}

  async close(): Promise<void> {}
}
