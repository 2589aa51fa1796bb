/** A place in a stream that only goes forward. */
export class Cursor {
  readonly #pieces: AsyncGenerator<Uint8Array, void>;
  readonly #abort: AbortController;
  #rest = new Uint8Array(0);
  #at = 0;

  constructor(open: (signal: AbortSignal) => AsyncGenerator<Uint8Array, void>) {
    this.#abort = new AbortController();
    this.#pieces = open(this.#abort.signal);
  }

  /** Offset of the byte that comes next. */
  get at(): number {
    return this.#at;
  }

  /** The next bytes, at least one and at most `most`; undefined at the end. */
  async next(most: number): Promise<Uint8Array | undefined> {
    while (this.#rest.length === 0) {
      const { done, value } = await this.#pieces.next();
      if (done) return undefined;
      this.#rest = value as Uint8Array<ArrayBuffer>;
    }
    const piece = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(piece.length);
    this.#at += piece.length;
    return piece;
  }

  /** Goes on to `offset`, or to the end if that comes first. */
  async skipTo(offset: number): Promise<void> {
    while (this.#at < offset && (await this.next(offset - this.#at))) {
      // what is in between is of no interest
    }
  }

  /** Ends what gives the bytes, and waits until it has ended. */
  async stop(): Promise<void> {
    this.#abort.abort();
    // Being stopped in the middle is how this ends, not a failure.
    await this.#pieces.return().catch(() => undefined);
  }
}
