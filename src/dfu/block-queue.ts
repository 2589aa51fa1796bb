import { atBlock, type BlockRun, type BlocksSent, isAcknowledged, oneMore } from './block-run.ts';
import type { DfuStatus } from './status.ts';
import { failureOf, unexpectedState } from './verdict.ts';

/**
 * What a block ahead in the queue adds to a deadline, ms. The slowest medium is a NOR flash that is
 * erased and written 64 KiB at a time, 2 s for 16 blocks at the worst.
 */
const QUEUED_BLOCK_MS = 100;

/**
 * Blocks that were sent ahead of their answers. Answers are judged in the order of the blocks; from
 * the first bad one on nothing counts as acknowledged, whatever the device says to what is behind it.
 */
export class BlockQueue {
  readonly #run: BlockRun;
  readonly #deadlineMs: number;
  readonly #judged: Promise<void>[] = [];
  #last: Promise<void> = Promise.resolve();
  #submitted: BlocksSent;
  #acknowledged: BlocksSent;
  #steady = true;
  #failure: { readonly error: unknown } | undefined;

  constructor(run: BlockRun, sent: BlocksSent) {
    this.#run = run;
    this.#submitted = sent;
    this.#acknowledged = sent;
    // It counts from the submission: what is ahead is taken first, and a full buffer is written once.
    this.#deadlineMs = run.blockMs + run.window * QUEUED_BLOCK_MS;
  }

  /** False once an answer was not what a queue can live with: nothing more may be submitted. */
  get steady(): boolean {
    return this.#steady;
  }

  /** The first failure, with its block and the bytes acknowledged before it. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure;
  }

  /** Starts DNLOAD and GETSTATUS of a block without waiting for either. */
  submit(block: Uint8Array): void {
    const { download } = this.#run;
    const number = this.#submitted.nextBlock;
    this.#submitted = oneMore(this.#submitted, block.length);
    const dnload = download.dnload(number, block, this.#deadlineMs);
    const status = download.getStatus(this.#deadlineMs);
    // Either may fail before its turn to be judged has come.
    dnload.catch(ignore);
    status.catch(ignore);
    this.#last = this.#last.then(() => this.#judge(number, block, dnload, status));
    this.#judged.push(this.#last);
  }

  /** Resolves when there is room for one more block; at once if there is. */
  async room(): Promise<void> {
    if (this.#judged.length >= this.#run.window) await this.#judged.shift();
  }

  /** Resolves when every block submitted was answered or has timed out; with what was acknowledged. */
  async drained(): Promise<BlocksSent> {
    await this.#last;
    return this.#acknowledged;
  }

  async #judge(number: number, block: Uint8Array, dnload: Promise<void>, answer: Promise<DfuStatus>): Promise<void> {
    try {
      await dnload;
      if (!this.#failure) this.#run.onTaken?.(block);
      const status = await answer;
      if (this.#failure) return;
      if (!isAcknowledged(status)) {
        const doing = `after block ${number}`;
        throw failureOf(status, doing) ?? unexpectedState(status, doing);
      }
      if (status.pollTimeoutMs > 0) this.#steady = false;
      this.#acknowledged = oneMore(this.#acknowledged, block.length);
      this.#run.onProgress?.(this.#acknowledged.bytes);
    } catch (error) {
      this.#steady = false;
      this.#failure ??= { error: atBlock(error, number, this.#acknowledged.bytes) };
      // Its GETSTATUS may be under way still.
      await answer.catch(ignore);
    }
  }
}

function ignore(): void {
  // judged in its turn
}
