import type { Clock } from '../base/clock.ts';
import { PhaselineError } from '../base/errors.ts';
import { errorOf, TRANSFER_CANCELLED } from './libusb-errors.ts';
import type { NativeDevice, NativeTransfer, UsbModule } from './libusb-module.ts';

/** How long a cancelled transfer may take to come back before it is given up. */
const CANCEL_MS = 1_000;

interface Job {
  readonly buffer: Buffer;
  readonly timeoutMs: number;
  readonly slot: Slot;
  readonly resolve: (actual: number) => void;
  readonly reject: (error: PhaselineError) => void;
  endsAt: number;
  /** Why we cancelled it, if we did. */
  cancelled: 'usb/timeout' | 'usb/gone' | undefined;
  outcome: number | PhaselineError | undefined;
}

/** A native transfer, used again for one job after the other. */
interface Slot {
  readonly transfer: NativeTransfer;
  job: Job | undefined;
}

/**
 * The transfers of one endpoint. They are submitted at once and settle in the order of submission; one
 * that was given up settles by itself, or it would wait for an earlier one beyond its deadline. libusb's
 * own timeouts do not fire on Linux in this build: deadlines are kept here, one sleeper for the pipe.
 */
export class Pipe {
  readonly #usb: UsbModule;
  readonly #device: NativeDevice;
  readonly #endpoint: number;
  readonly #type: number;
  readonly #describe: (buffer: Buffer) => string;
  readonly #clock: Clock;
  readonly #idle: Slot[] = [];
  readonly #jobs: Job[] = [];
  #sleeper: { readonly until: number; readonly wake: AbortController } | undefined;
  #onDrained: (() => void) | undefined;
  /** Transfers that libusb has and has not given back, those given up among them. */
  #held = 0;
  #onReturned: (() => void) | undefined;

  constructor(options: {
    readonly usb: UsbModule;
    readonly device: NativeDevice;
    readonly endpoint: number;
    readonly type: number;
    /** Names the transfer in messages. */
    readonly describe: (buffer: Buffer) => string;
    readonly clock: Clock;
  }) {
    this.#usb = options.usb;
    this.#device = options.device;
    this.#endpoint = options.endpoint;
    this.#type = options.type;
    this.#describe = options.describe;
    this.#clock = options.clock;
  }

  /** Submits `buffer`; resolves with the bytes that went over the wire (setup packet not counted). */
  transfer(buffer: Buffer, timeoutMs: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const slot = this.#idle.pop() ?? this.#makeSlot();
      const endsAt = this.#clock.now() + timeoutMs;
      const job: Job = { buffer, timeoutMs, slot, resolve, reject, endsAt, cancelled: undefined, outcome: undefined };
      this.#jobs.push(job);
      slot.job = job;
      try {
        slot.transfer.submit(buffer);
        this.#held += 1;
        this.#keepDeadlines(endsAt);
      } catch (error) {
        // The slot is not used again: the native transfer keeps the buffer, and calls itself active for ever.
        slot.job = undefined;
        this.#keepDeadlines(endsAt); // it may have to wait for those before it
        this.#finish(job, errorOf(error, this.#describe(buffer)));
      }
    });
  }

  /** Cancels everything in flight (it ends with usb/gone) and resolves when nothing is left, within CANCEL_MS. */
  async end(): Promise<void> {
    for (const job of this.#jobs) this.#cancel(job, 'usb/gone');
    if (this.#jobs.length > 0) {
      await new Promise<void>((resolve) => {
        this.#onDrained = resolve;
        this.#keepDeadlines(this.#clock.now() + CANCEL_MS);
      });
    }
    this.#sleeper?.wake.abort();
  }

  /** Resolves when libusb holds nothing any more, be it after CANCEL_MS, be it never. */
  async returned(): Promise<void> {
    if (this.#held === 0) return;
    await new Promise<void>((resolve) => {
      this.#onReturned = resolve;
    });
  }

  #makeSlot(): Slot {
    const slot: Slot = {
      transfer: new this.#usb.Transfer(this.#device, this.#endpoint, this.#type, 0, (error, _buffer, actual) => {
        const { job } = slot;
        slot.job = undefined;
        this.#idle.push(slot);
        this.#held -= 1;
        if (this.#held === 0) this.#onReturned?.();
        if (job) this.#finish(job, error ? this.#failure(job, error) : actual);
      }),
      job: undefined,
    };
    return slot;
  }

  #failure(job: Job, error: { readonly errno: number }): PhaselineError {
    if (error.errno !== TRANSFER_CANCELLED || job.cancelled === undefined) {
      return errorOf(error, this.#describe(job.buffer));
    }
    return this.#cancellation(job, job.cancelled);
  }

  #cancellation(job: Job, code: 'usb/timeout' | 'usb/gone'): PhaselineError {
    const why = code === 'usb/timeout' ? `no answer within ${job.timeoutMs / 1000} s` : 'the device was closed';
    return new PhaselineError(code, `${this.#describe(job.buffer)}: ${why}`);
  }

  #finish(job: Job, outcome: number | PhaselineError): void {
    job.outcome = outcome;
    if (job.cancelled !== undefined) this.#settleAhead(job, outcome);
    for (let head = this.#jobs[0]; head?.outcome !== undefined; head = this.#jobs[0]) {
      this.#jobs.shift();
      settle(head, head.outcome);
    }
    if (this.#jobs.length === 0) this.#onDrained?.();
  }

  #settleAhead(job: Job, outcome: number | PhaselineError): void {
    const place = this.#jobs.indexOf(job);
    if (place < 0) return; // settled in its order a moment ago
    this.#jobs.splice(place, 1);
    settle(job, outcome);
  }

  #cancel(job: Job, why: 'usb/timeout' | 'usb/gone'): void {
    if (job.cancelled !== undefined || job.outcome !== undefined) return;
    job.cancelled = why;
    job.endsAt = this.#clock.now() + CANCEL_MS;
    try {
      job.slot.transfer.cancel();
    } catch {
      // A device that has left: its transfers come back by themselves, or are given up after CANCEL_MS.
    }
  }

  /** Sees to it that somebody wakes at `endsAt` or before. */
  #keepDeadlines(endsAt: number): void {
    if (this.#sleeper && this.#sleeper.until <= endsAt) return;
    this.#sleeper?.wake.abort();
    const wake = new AbortController();
    const sleeper = { until: endsAt, wake };
    this.#sleeper = sleeper;
    this.#clock.sleep(Math.max(0, endsAt - this.#clock.now()), wake.signal).then(
      () => {
        if (this.#sleeper === sleeper) this.#sleeper = undefined;
        this.#expire();
      },
      () => {
        if (this.#sleeper === sleeper) this.#sleeper = undefined;
      },
    );
  }

  #expire(): void {
    const now = this.#clock.now();
    for (const job of [...this.#jobs]) {
      if (job.endsAt > now) continue;
      if (job.outcome !== undefined) {
        this.#settleAhead(job, job.outcome); // it waited for those before it
      } else if (job.cancelled === undefined) {
        this.#cancel(job, 'usb/timeout');
      } else {
        job.slot.job = undefined; // libusb still holds the slot: not idle before it gives it back
        this.#finish(job, this.#cancellation(job, job.cancelled));
      }
    }
    if (this.#jobs.length > 0) this.#keepDeadlines(Math.min(...this.#jobs.map((job) => job.endsAt)));
    else this.#onDrained?.();
  }
}

function settle(job: Job, outcome: number | PhaselineError): void {
  if (typeof outcome === 'number') job.resolve(outcome);
  else job.reject(outcome);
}
