import type { ControlReply, Gadget } from './gadget.ts';

/** How a transfer ended, as the host controller sees it. */
export type TransferResult =
  | { readonly status: 'ok'; readonly data: Uint8Array }
  | { readonly status: 'stall' | 'gone' | 'cancelled' };

type Run = (gadget: Gadget) => ControlReply | Promise<ControlReply>;

/** One transfer from its submission to its result. It settles once; whatever comes later is ignored. */
export class Transfer {
  /** What the device does for it. */
  readonly run: Run;
  #outcome: TransferResult | undefined;
  #listener: ((result: TransferResult) => void) | undefined;
  readonly #onCancel: (transfer: Transfer) => void;

  constructor(run: Run, onCancel: (transfer: Transfer) => void) {
    this.run = run;
    this.#onCancel = onCancel;
  }

  /** The result, once there is one. */
  get outcome(): TransferResult | undefined {
    return this.#outcome;
  }

  get result(): Promise<TransferResult> {
    return new Promise((resolve) => this.onSettled(resolve));
  }

  /** Calls `listener` with the result, at once when it is there already. One listener only. */
  onSettled(listener: (result: TransferResult) => void): void {
    if (this.#outcome) listener(this.#outcome);
    else this.#listener = listener;
  }

  settle(result: TransferResult): void {
    if (this.#outcome) return;
    this.#outcome = result;
    this.#listener?.(result);
  }

  /** The host gives the transfer up. What the device is already doing for it goes on. */
  cancel(): void {
    if (this.#outcome) return;
    this.settle({ status: 'cancelled' });
    this.#onCancel(this);
  }
}
