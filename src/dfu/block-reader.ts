/**
 * Cuts a stream of pieces of any size into blocks of exactly `blockBytes`, the last one shorter.
 * A block is a view into its piece where it can be; only one that spans two pieces is copied.
 */
export class BlockReader {
  readonly #pieces: AsyncIterator<Uint8Array>;
  readonly #blockBytes: number;
  #piece: Uint8Array = NOTHING;
  #at = 0;

  constructor(bytes: AsyncIterable<Uint8Array>, blockBytes: number) {
    this.#pieces = bytes[Symbol.asyncIterator]();
    this.#blockBytes = blockBytes;
  }

  /** The next whole block if the current piece holds it, without waiting. */
  ready(): Uint8Array | undefined {
    const end = this.#at + this.#blockBytes;
    if (end > this.#piece.length) return undefined;
    const block = this.#piece.subarray(this.#at, end);
    this.#at = end;
    return block;
  }

  /** The next block, shorter only at the end; undefined when nothing is left. Rejects with what the stream rejects. */
  async next(): Promise<Uint8Array | undefined> {
    const whole = this.ready();
    if (whole) return whole;
    const block = new Uint8Array(this.#blockBytes);
    let filled = 0;
    for (;;) {
      const part = this.#piece.subarray(this.#at, this.#at + this.#blockBytes - filled);
      block.set(part, filled);
      filled += part.length;
      this.#at += part.length;
      if (filled === this.#blockBytes) return block;
      const result = await this.#pieces.next();
      if (result.done) break;
      this.#piece = result.value;
      this.#at = 0;
      const aligned = filled === 0 ? this.ready() : undefined;
      if (aligned) return aligned;
    }
    this.#piece = NOTHING;
    this.#at = 0;
    return filled > 0 ? block.subarray(0, filled) : undefined;
  }

  /** Lets the stream go; to be called when not everything was read, harmless otherwise. */
  async close(): Promise<void> {
    await this.#pieces.return?.();
  }
}

const NOTHING = new Uint8Array(0);
