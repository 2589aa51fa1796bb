import type { Clock } from '../base/clock.ts';
import type { UsbSpeed } from '../usb/port.ts';
import type { ControlReply, Gadget, Setup } from './gadget.ts';

/** How a transfer ended, as the host controller sees it. */
export type TransferResult =
  | { readonly status: 'ok'; readonly data: Uint8Array }
  | { readonly status: 'stall' | 'gone' | 'cancelled' };

export interface Transfer {
  readonly result: Promise<TransferResult>;
  /** The host gives the transfer up. What the device is already doing for it goes on. */
  cancel(): void;
}

/** Stands between host and gadget for every request; what it answers instead of `pass` is what the host sees. */
export type Interceptor = (request: {
  readonly setup: Setup;
  readonly data: Uint8Array;
}) => 'pass' | Promise<'pass' | ControlReply> | ControlReply;

interface Job {
  readonly run: (gadget: Gadget) => ControlReply | Promise<ControlReply>;
  readonly settle: (result: TransferResult) => void;
  cancelled: boolean;
}

/**
 * The board's USB socket: firmware attaches and detaches gadgets on one side, a host submits
 * transfers on the other, a cable in between can be pulled. Transfers are answered strictly in the
 * order in which they came, one at a time, as endpoint 0 does it.
 */
export class UsbConnector {
  readonly speed: UsbSpeed = 'high';
  intercept: Interceptor | undefined;
  #gadget: Gadget | undefined;
  #cable = true;
  #enumeration = 0;
  #queue: Job[] = [];
  #running: Job | undefined;
  #idleSince: number;
  #idleMs = 0;
  readonly #listeners = new Set<() => void>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#idleSince = clock.now();
  }

  // --- the firmware's side ---

  /** Pulls D+ up: a new device appears on the bus. */
  attach(gadget: Gadget): void {
    this.#gadget = gadget;
    if (this.#cable) this.#connect();
    this.#changed();
  }

  /** Another program takes over the running session: same address, other answers (STM32MP15 ROM to TF-A). */
  replace(gadget: Gadget): void {
    this.#gadget = gadget;
  }

  /** Leaves the bus; every open transfer ends. */
  detach(): void {
    if (this.#gadget === undefined) return;
    this.#gadget = undefined;
    this.#disconnect();
  }

  // --- the cable ---

  unplug(): void {
    if (!this.#cable) return;
    this.#cable = false;
    if (this.#gadget) this.#disconnect();
  }

  plug(): void {
    if (this.#cable) return;
    this.#cable = true;
    if (this.#gadget) this.#connect();
    this.#changed();
  }

  // --- the host's side ---

  /** The gadget that the host sees, if any. */
  get visible(): Gadget | undefined {
    return this.#cable ? this.#gadget : undefined;
  }

  /** Counts every appearance on the bus; a transfer for an earlier one is `gone`. */
  get enumeration(): number {
    return this.#enumeration;
  }

  control(enumeration: number, setup: Setup, data: Uint8Array): Transfer {
    return this.#submit(enumeration, (gadget) => {
      if (!this.intercept) return gadget.control(setup, data);
      const verdict = this.intercept({ setup, data });
      if (verdict === 'pass') return gadget.control(setup, data);
      if (!(verdict instanceof Promise)) return verdict;
      return verdict.then((late) => (late === 'pass' ? gadget.control(setup, data) : late));
    });
  }

  bulkOut(enumeration: number, endpoint: number, data: Uint8Array): Transfer {
    return this.#submit(enumeration, async (gadget) => {
      const verdict = (await gadget.bulkOut?.(endpoint, data)) ?? 'stall';
      return verdict === 'ack' ? new Uint8Array(0) : 'stall';
    });
  }

  bulkIn(enumeration: number, endpoint: number, length: number): Transfer {
    return this.#submit(enumeration, (gadget) => gadget.bulkIn?.(endpoint, length) ?? 'stall');
  }

  busReset(): void {
    this.visible?.busReset?.();
  }

  /** Calls `listener` whenever the device came or went; returns how to stop that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Milliseconds during which a visible device had no request to work on. */
  get idleMs(): number {
    const idleNow = this.visible && !this.#running ? this.#clock.now() - this.#idleSince : 0;
    return this.#idleMs + idleNow;
  }

  #submit(enumeration: number, run: Job['run']): Transfer {
    if (!this.visible || enumeration !== this.#enumeration) {
      return { result: Promise.resolve({ status: 'gone' }), cancel: () => undefined };
    }
    let settle: Job['settle'] = () => undefined;
    const result = new Promise<TransferResult>((resolve) => {
      settle = resolve;
    });
    const job: Job = { run, settle, cancelled: false };
    this.#queue.push(job);
    void this.#serve();
    return {
      result,
      cancel: () => {
        job.cancelled = true;
        this.#queue = this.#queue.filter((other) => other !== job);
        settle({ status: 'cancelled' });
      },
    };
  }

  async #serve(): Promise<void> {
    if (this.#running) return;
    const job = this.#queue.shift();
    const gadget = this.visible;
    if (!job || !gadget) return;
    this.#idleMs += this.#clock.now() - this.#idleSince;
    this.#running = job;
    const answer = job.run(gadget);
    const reply = answer instanceof Promise ? await answer : answer;
    if (this.#running !== job) return; // the device left meanwhile
    this.#running = undefined;
    this.#idleSince = this.#clock.now();
    job.settle(reply === 'stall' ? { status: 'stall' } : { status: 'ok', data: reply });
    void this.#serve();
  }

  #connect(): void {
    this.#enumeration += 1;
    this.#idleSince = this.#clock.now();
    this.#gadget?.busReset?.();
  }

  #disconnect(): void {
    const open = this.#running ? [this.#running, ...this.#queue] : this.#queue;
    if (!this.#running) this.#idleMs += this.#clock.now() - this.#idleSince;
    this.#running = undefined;
    this.#queue = [];
    for (const job of open) job.settle({ status: 'gone' });
    this.#changed();
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
