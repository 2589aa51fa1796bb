import type { ControlReply, Gadget } from './gadget.ts';
import type { Transfer } from './transfer.ts';

interface Surroundings {
  /** Who answers; undefined while nobody does. */
  readonly gadget: () => Gadget | undefined;
  /** Called for every transfer that the gadget answered, before its host hears of it. */
  readonly onAnswer: () => void;
  readonly onCrash: (error: unknown) => void;
}

/** The transfers of one endpoint: answered in the order in which they came, one at a time. */
export class EndpointQueue {
  #waiting: Transfer[] = [];
  #running: Transfer | undefined;
  /** The running one is NAKed until its host gives it up. */
  #naked = false;
  #serving = false;
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  add(transfer: Transfer): void {
    this.#waiting.push(transfer);
    this.serve();
  }

  /** A host gave `transfer` up. A running handler is not stopped by that; NAKs are. */
  remove(transfer: Transfer): void {
    this.#waiting = this.#waiting.filter((other) => other !== transfer);
    if (this.#running !== transfer || !this.#naked) return;
    this.#running = undefined;
    this.serve();
  }

  /** Forgets all transfers and gives back those that were open. */
  clear(): readonly Transfer[] {
    const open = this.#running ? [this.#running, ...this.#waiting] : this.#waiting;
    this.#running = undefined;
    this.#waiting = [];
    return open;
  }

  serve(): void {
    // A listener of one transfer may submit the next: that one waits for this loop.
    if (this.#serving) return;
    this.#serving = true;
    try {
      while (!this.#running && this.#waiting.length > 0) {
        const gadget = this.#around.gadget();
        if (!gadget) return;
        this.#start(this.#waiting.shift() as Transfer, gadget);
      }
    } finally {
      this.#serving = false;
    }
  }

  #start(transfer: Transfer, gadget: Gadget): void {
    this.#running = transfer;
    this.#naked = false;
    try {
      const answer = transfer.run(gadget);
      if (!(answer instanceof Promise)) {
        this.#finish(transfer, answer);
        return;
      }
      answer.then(
        (reply) => {
          this.#finish(transfer, reply);
          this.serve();
        },
        (error: unknown) => this.#fail(transfer, error),
      );
    } catch (error) {
      this.#fail(transfer, error);
    }
  }

  #finish(transfer: Transfer, reply: ControlReply): void {
    if (this.#running !== transfer) return; // the device left meanwhile
    if (reply === 'nak' && !transfer.outcome) {
      this.#naked = true;
      return;
    }
    this.#running = undefined;
    if (transfer.outcome || reply === 'nak') return; // given up meanwhile
    this.#around.onAnswer();
    transfer.settle(reply === 'stall' ? { status: 'stall' } : { status: 'ok', data: reply });
  }

  // Firmware whose power or session ended may still throw at its next wait: nobody's crash any more.
  #fail(transfer: Transfer, error: unknown): void {
    if (this.#running === transfer) this.#around.onCrash(error);
  }
}
