import { PhaselineError } from '../../src/base/errors.ts';
import type { VirtualClock } from '../../src/base/virtual-clock.ts';
import type { ControlSetup, UsbDevice } from '../../src/usb/port.ts';

/** How a block fails: its DNLOAD is stalled or not answered, or its GETSTATUS is, or answers something bad. */
export const FAILURES = {
  'DNLOAD stalls': 'usb/stall',
  'DNLOAD is not answered': 'usb/timeout',
  'GETSTATUS stalls': 'usb/stall',
  'GETSTATUS is not answered': 'usb/timeout',
  'GETSTATUS says errUNKNOWN': 'dfu/status',
  'GETSTATUS says dfuERROR with OK': 'dfu/protocol',
  'GETSTATUS says dfuIDLE': 'dfu/protocol',
  'GETSTATUS is too short': 'dfu/protocol',
  'the device leaves at DNLOAD': 'usb/gone',
  'the device leaves at GETSTATUS': 'usb/gone',
} as const;

export type Failure = keyof typeof FAILURES;

export interface QueuedBoardOptions {
  /** What each transfer takes on the board, ms. */
  readonly serviceMs: number;
  readonly failAt?: { readonly block: number; readonly failure: Failure };
  /** bwPollTimeout of the GETSTATUS after that block. */
  readonly pollAfter?: { readonly block: number; readonly pollMs: number };
  /** The GETSTATUS after each block says dfuDNLOAD-SYNC first, as TF-A does (protocol.md §6.2). */
  readonly syncFirst?: boolean;
}

interface Transfer {
  readonly setup: ControlSetup;
  readonly data: Uint8Array;
  readonly resolve: (answer: Uint8Array) => void;
  readonly reject: (error: PhaselineError) => void;
  settled: boolean;
}

const DNLOAD = 1;
const GETSTATUS = 3;
const SET_INTERFACE = 11;

/**
 * U-Boot's DFU function behind an endpoint 0 that takes transfers ahead and answers them in order
 * (FINDINGS §3): a block needs its GETSTATUS, numbers are enforced, and in dfuERROR every DNLOAD stalls.
 */
export class QueuedBoard implements UsbDevice {
  readonly info = {
    port: '1-2',
    key: '1:7',
    vendorId: 0x0483,
    productId: 0xdf11,
    deviceVersion: 0x200,
    speed: 'high',
  } as const;
  /** Requests in the order in which the host submitted them: `DNLOAD 3`, `GETSTATUS`, `SET_INTERFACE 5`. */
  readonly submitted: string[] = [];
  readonly timeouts: number[] = [];
  readonly landed: number[] = [];
  readonly #clock: VirtualClock;
  readonly #options: QueuedBoardOptions;
  readonly #waiting: Transfer[] = [];
  readonly #open = new Set<Transfer>();
  #serving = false;
  #gone = false;
  #state = 2;
  #status = 0;
  #next = 0;
  #lastBlock = -1;
  #synced = false;
  /** The most transfers that were under way at a time. */
  deepest = 0;

  constructor(clock: VirtualClock, options: QueuedBoardOptions) {
    this.#clock = clock;
    this.#options = options;
  }

  /** Transfers that have not settled. */
  get open(): number {
    return this.#open.size;
  }

  async controlOut(setup: ControlSetup, data: Uint8Array, timeoutMs: number): Promise<void> {
    await this.#submit(setup, data, timeoutMs);
  }

  controlIn(setup: ControlSetup, _length: number, timeoutMs: number): Promise<Uint8Array> {
    return this.#submit(setup, new Uint8Array(0), timeoutMs);
  }

  async selectAlternate(alternate: number, timeoutMs: number): Promise<void> {
    const setup = { requestType: 1, request: SET_INTERFACE, value: alternate, index: 0 };
    await this.#submit(setup, new Uint8Array(0), timeoutMs);
  }

  #submit(setup: ControlSetup, data: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
    this.submitted.push(nameOf(setup));
    this.timeouts.push(timeoutMs);
    return new Promise((resolve, reject) => {
      // Lent: read when its turn comes.
      const transfer: Transfer = { setup, data, resolve, reject, settled: false };
      if (this.#gone) {
        reject(gone());
        return;
      }
      this.#open.add(transfer);
      this.deepest = Math.max(this.deepest, this.#open.size);
      this.#waiting.push(transfer);
      void this.#clock.sleep(timeoutMs).then(() => this.#fail(transfer, new PhaselineError('usb/timeout', 'late')));
      void this.#serve();
    });
  }

  async #serve(): Promise<void> {
    if (this.#serving) return;
    this.#serving = true;
    for (let next = this.#waiting.shift(); next && !this.#gone; next = this.#waiting.shift()) {
      if (next.settled) continue;
      await this.#clock.sleep(this.#options.serviceMs);
      if (next.settled) continue;
      if (await this.#failing(next)) continue;
      const answer = this.#answer(next);
      if (answer === 'stall') this.#fail(next, new PhaselineError('usb/stall', 'stall'));
      else this.#settle(next, () => next.resolve(answer));
    }
    this.#serving = false;
  }

  /** The failure that was asked for; true when it ended the transfer. */
  async #failing(transfer: Transfer): Promise<boolean> {
    const { failAt } = this.#options;
    const { request, value } = transfer.setup;
    const isBlock = transfer.data.length > 0 && value === failAt?.block;
    const isHere = (request === DNLOAD && isBlock) || (request === GETSTATUS && this.#lastBlock === failAt?.block);
    const [what] = nameOf(transfer.setup).split(' ');
    if (!isHere || !failAt?.failure.includes(what as string)) return false;
    const { failure } = failAt;
    if (failure.includes('leaves')) {
      this.#gone = true;
      for (const open of [...this.#open]) this.#fail(open, gone());
    } else if (failure.includes('not answered')) {
      while (!transfer.settled) await this.#clock.sleep(100);
    } else if (failure.endsWith('stalls')) {
      this.#state = 10;
      this.#fail(transfer, new PhaselineError('usb/stall', 'stall'));
    } else if (failure.endsWith('too short')) {
      const short = this.#getStatus().subarray(0, 5);
      this.#settle(transfer, () => transfer.resolve(short));
    } else if (failure.endsWith('dfuIDLE')) {
      this.#state = 2;
      return false;
    } else {
      this.#state = 10;
      this.#status = failure.endsWith('errUNKNOWN') ? 14 : 0;
      return false;
    }
    return true;
  }

  #answer({ setup, data }: Transfer): Uint8Array | 'stall' {
    if (setup.request === SET_INTERFACE) {
      this.#state = 2;
      this.#status = 0;
      return data;
    }
    if (setup.request === GETSTATUS) return this.#getStatus();
    if (setup.request !== DNLOAD || ![2, 5].includes(this.#state)) {
      this.#state = 10;
      return 'stall';
    }
    if (this.#state === 2) this.#next = setup.value;
    if (setup.value !== this.#next) {
      this.#state = 10;
      this.#status = 14;
      return new Uint8Array(0);
    }
    this.#next = (setup.value + 1) & 0xffff;
    this.#lastBlock = setup.value;
    this.#synced = false;
    this.#state = data.length > 0 ? 3 : 6;
    this.landed.push(...data);
    return new Uint8Array(0);
  }

  #getStatus(): Uint8Array {
    const { pollAfter, syncFirst } = this.#options;
    if (this.#state === 3 && syncFirst && !this.#synced) this.#synced = true;
    else if (this.#state === 3) this.#state = 5;
    else if (this.#state === 6) this.#state = 7;
    else if (this.#state === 7) this.#state = 2;
    const poll = this.#state === 5 && this.#lastBlock === pollAfter?.block ? pollAfter.pollMs : 0;
    return Uint8Array.of(this.#status, poll, 0, 0, this.#state, 0);
  }

  #fail(transfer: Transfer, error: PhaselineError): void {
    this.#settle(transfer, () => transfer.reject(error));
  }

  #settle(transfer: Transfer, settle: () => void): void {
    if (transfer.settled) return;
    transfer.settled = true;
    this.#open.delete(transfer);
    settle();
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

function nameOf({ request, value }: ControlSetup): string {
  if (request === GETSTATUS) return 'GETSTATUS';
  return `${request === DNLOAD ? 'DNLOAD' : request === SET_INTERFACE ? 'SET_INTERFACE' : `request-${request}`} ${value}`;
}

function gone(): PhaselineError {
  return new PhaselineError('usb/gone', 'gone');
}
