import type { Bytes } from '../base/bytes.ts';

const WINDOW_BYTES = 4096;

/** Where something is read from. */
export type Readable = Pick<Bytes, 'read'>;

/** Many small reads, one behind another, made from few. */
export class SmallReads {
  readonly #from: Readable;
  #start = 0;
  #window = new Uint8Array(0);

  constructor(from: Readable) {
    this.#from = from;
  }

  /** `length` bytes, or fewer where they end. Valid until the next call. */
  async read(offset: number, length: number): Promise<Uint8Array> {
    const at = offset - this.#start;
    if (at >= 0 && at + length <= this.#window.length) return this.#window.subarray(at, at + length);
    this.#window = new Uint8Array(await this.#from.read(offset, Math.max(length, WINDOW_BYTES)));
    this.#start = offset;
    return this.#window.subarray(0, length);
  }
}
