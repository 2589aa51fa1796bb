import type { Clock } from '../base/clock.ts';
import type { UsbSpeed } from '../usb/port.ts';
import { EndpointQueue } from './endpoint-queue.ts';
import type { ControlReply, Gadget, Setup } from './gadget.ts';
import { Transfer } from './transfer.ts';

/** A request on endpoint 0 on its way to the gadget. */
export interface ControlRequest {
  readonly setup: Setup;
  readonly data: Uint8Array;
  /** When the host submitted it; ms on the board's clock. */
  readonly arrivedAt: number;
  /** Whether the host has given it up meanwhile, or lost the device. */
  readonly givenUp: () => boolean;
}

/** Stands between host and gadget: answers itself, or lets the gadget do it with `proceed`. */
export type Interceptor = (
  request: ControlRequest,
  proceed: () => ControlReply | Promise<ControlReply>,
) => ControlReply | Promise<ControlReply>;

/** How a program that is about to show itself does: as it should, not at all any more, or as one that stands still. */
export type Appearance = 'show' | 'leave' | 'freeze';

/**
 * The board's USB socket: firmware attaches and detaches gadgets on one side, a host submits
 * transfers on the other, a cable in between can be pulled. Each endpoint answers strictly in the
 * order in which transfers came, one at a time.
 */
export class UsbConnector {
  readonly speed: UsbSpeed = 'high';
  intercept: Interceptor | undefined;
  /** Told when a gadget's handler throws: the firmware has crashed, and the device is off the bus. */
  onCrash: ((error: unknown) => void) | undefined;
  /** Asked before every `attach` and `replace`. */
  onAppear: (() => Appearance) | undefined;
  /** Told when the firmware leaves the bus by itself. */
  onLeave: (() => void) | undefined;
  #gadget: Gadget | undefined;
  #silent = false;
  #cable = true;
  #claimed = false;
  #enumeration = 0;
  readonly #queues = new Map<number, EndpointQueue>();
  #openTransfers = 0;
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
    if (this.#gadget) this.detach();
    if (this.onAppear && this.onAppear() !== 'show') return;
    this.#gadget = gadget;
    this.#silent = false;
    if (this.#cable) this.#connect();
    this.#changed();
  }

  /** The processor does something else: the device stays on the bus and answers nothing until `replace`. */
  silence(): void {
    this.#silent = true;
  }

  /** Another program takes over the running session: same address, other answers (STM32MP15 ROM to TF-A). */
  replace(gadget: Gadget): void {
    const appearance = this.onAppear?.() ?? 'show';
    if (appearance === 'leave') this.detach();
    if (appearance !== 'show') return;
    this.#gadget = gadget;
    this.#silent = false;
    for (const queue of this.#queues.values()) queue.serve();
  }

  /** Leaves the bus; every open transfer ends. */
  detach(): void {
    if (!this.#gadget) return;
    this.#gadget = undefined;
    if (this.#cable) this.#disconnect();
    this.onLeave?.();
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

  /** Reserves the device for one host until it leaves the bus; false when another has it. */
  claim(): boolean {
    if (this.#claimed || !this.visible) return false;
    this.#claimed = true;
    return true;
  }

  /** Ends a claim on that enumeration. */
  release(enumeration: number): void {
    if (enumeration === this.#enumeration) this.#claimed = false;
  }

  control(enumeration: number, setup: Setup, data: Uint8Array): Transfer {
    const arrivedAt = this.#clock.now();
    const transfer = this.#submit(enumeration, 0, (gadget) => {
      if (!this.intercept) return gadget.control(setup, data);
      const givenUp = () => transfer.outcome !== undefined;
      return this.intercept({ setup, data, arrivedAt, givenUp }, () => gadget.control(setup, data));
    });
    return transfer;
  }

  bulkOut(enumeration: number, endpoint: number, data: Uint8Array): Transfer {
    return this.#submit(enumeration, endpoint & 0x0f, async (gadget) => {
      const verdict = (await gadget.bulkOut?.(endpoint & 0x0f, data)) ?? 'stall';
      return verdict === 'ack' ? new Uint8Array(0) : verdict;
    });
  }

  bulkIn(enumeration: number, endpoint: number, length: number): Transfer {
    return this.#submit(enumeration, endpoint | 0x80, (gadget) => gadget.bulkIn?.(endpoint & 0x0f, length) ?? 'stall');
  }

  /** The host resets the port: the device stays where it is, at the same address. */
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
    return this.#idleMs + (this.visible && this.#openTransfers === 0 ? this.#clock.now() - this.#idleSince : 0);
  }

  #submit(enumeration: number, endpoint: number, run: Transfer['run']): Transfer {
    const transfer = new Transfer(run, (cancelled) => {
      this.#closed(1);
      queue.remove(cancelled);
    });
    const queue = this.#queue(endpoint);
    if (!this.visible || enumeration !== this.#enumeration) {
      transfer.settle({ status: 'gone' });
      return transfer;
    }
    if (this.#openTransfers === 0) this.#idleMs += this.#clock.now() - this.#idleSince;
    this.#openTransfers += 1;
    queue.add(transfer);
    return transfer;
  }

  #queue(endpoint: number): EndpointQueue {
    const existing = this.#queues.get(endpoint);
    if (existing) return existing;
    const queue = new EndpointQueue({
      gadget: () => (this.#silent ? undefined : this.visible),
      onAnswer: () => this.#closed(1),
      onCrash: (error) => this.#crash(error),
    });
    this.#queues.set(endpoint, queue);
    return queue;
  }

  #closed(transfers: number): void {
    this.#openTransfers -= transfers;
    if (this.#openTransfers === 0) this.#idleSince = this.#clock.now();
  }

  #crash(error: unknown): void {
    this.detach();
    this.onCrash?.(error);
  }

  #connect(): void {
    this.#enumeration += 1;
    this.#claimed = false;
    this.#idleSince = this.#clock.now();
    this.#gadget?.busReset?.();
  }

  #disconnect(): void {
    if (this.#openTransfers === 0) this.#idleMs += this.#clock.now() - this.#idleSince;
    this.#claimed = false;
    this.#openTransfers = 0;
    const open = [...this.#queues.values()].flatMap((queue) => queue.clear());
    for (const transfer of open) transfer.settle({ status: 'gone' });
    this.#changed();
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
