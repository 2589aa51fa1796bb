import type { Clock } from '../../base/clock.ts';
import { PhaselineError } from '../../base/errors.ts';

/** A URB that was sent and not answered yet. */
export interface OpenTransfer {
  /** The most bytes to receive; 0 for OUT. */
  readonly receiveBytes: number;
  /** The bytes sent; 0 for IN. */
  readonly sendBytes: number;
  readonly resolve: (data: Uint8Array) => void;
  readonly reject: (error: PhaselineError) => void;
  /** On the clock. */
  readonly deadline: number;
  readonly timeoutMs: number;
}

/** URBs given up on whose server owes the RET_UNLINK; more than this, and it does not answer at all. */
const MOST_ABANDONED = 256;

/**
 * The URBs in flight by number, and one timer for all of them: it sleeps until the earliest deadline,
 * so that a transfer which is answered in time costs no timer of its own.
 */
export class OpenTransfers {
  readonly #open = new Map<number, OpenTransfer>();
  /** Receive limits of URBs that timed out here and may still be answered. */
  readonly #abandoned = new Map<number, number>();
  readonly #clock: Clock;
  readonly #onTimeout: (sequence: number) => void;
  #alarm: { readonly at: number; readonly stop: AbortController } | undefined;

  constructor(clock: Clock, onTimeout: (sequence: number) => void) {
    this.#clock = clock;
    this.#onTimeout = onTimeout;
  }

  add(sequence: number, transfer: OpenTransfer): void {
    this.#open.set(sequence, transfer);
    if (!this.#alarm || transfer.deadline < this.#alarm.at) this.#setAlarm(transfer.deadline);
  }

  /** Takes the transfer out; undefined when it timed out before. */
  settle(sequence: number): OpenTransfer | undefined {
    const transfer = this.#open.get(sequence);
    if (transfer) this.#open.delete(sequence);
    else this.#abandoned.delete(sequence);
    return transfer;
  }

  /** The server will not answer `sequence` any more. */
  forget(sequence: number): void {
    this.#abandoned.delete(sequence);
  }

  /** What `takeReply` wants to know: the receive limit, undefined for a number that was never sent. */
  receiveLimit(sequence: number): number | undefined {
    return this.#open.get(sequence)?.receiveBytes ?? this.#abandoned.get(sequence);
  }

  /** Ends every transfer with `error`, and the timer. */
  endAll(error: PhaselineError): void {
    this.#alarm?.stop.abort();
    this.#alarm = undefined;
    const open = [...this.#open.values()];
    this.#open.clear();
    this.#abandoned.clear();
    for (const transfer of open) transfer.reject(error);
  }

  #setAlarm(at: number): void {
    this.#alarm?.stop.abort();
    const stop = new AbortController();
    this.#alarm = { at, stop };
    this.#clock.sleep(at - this.#clock.now(), stop.signal).then(
      () => this.#expire(),
      () => undefined, // stopped: an earlier alarm or the end took its place
    );
  }

  #expire(): void {
    this.#alarm = undefined;
    const now = this.#clock.now();
    let next = Number.POSITIVE_INFINITY;
    for (const [sequence, transfer] of this.#open) {
      if (transfer.deadline > now) {
        next = Math.min(next, transfer.deadline);
        continue;
      }
      this.#open.delete(sequence);
      this.#abandoned.set(sequence, transfer.receiveBytes);
      transfer.reject(new PhaselineError('usb/timeout', `no answer within ${transfer.timeoutMs} ms`));
      this.#onTimeout(sequence);
    }
    if (this.#abandoned.size > MOST_ABANDONED) {
      this.endAll(new PhaselineError('usb/gone', `${this.#abandoned.size} transfers were never given back`));
    } else if (next < Number.POSITIVE_INFINITY) {
      this.#setAlarm(next);
    }
  }
}
