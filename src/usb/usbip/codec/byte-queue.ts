/**
 * Bytes of a stream that have come but are not read yet, however they were cut. What `take` gives
 * stays valid: bytes that were given out are never moved or overwritten.
 */
export class ByteQueue {
  #buffer: Uint8Array = new Uint8Array(0);
  #start = 0;
  #end = 0;
  /** Whether there is room of our own behind `#end`. */
  #owned = false;

  get length(): number {
    return this.#end - this.#start;
  }

  /** Takes over `chunk`; the caller must not write to it afterwards. */
  push(chunk: Uint8Array): void {
    if (this.length === 0) {
      this.#buffer = chunk;
      this.#start = 0;
      this.#end = chunk.length;
      this.#owned = false;
      return;
    }
    if (!this.#owned || this.#end + chunk.length > this.#buffer.length) this.#grow(this.length + chunk.length);
    this.#buffer.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** The next `length` bytes, which stay in the queue; undefined until they have all come. */
  peek(length: number): Uint8Array | undefined {
    return this.length < length ? undefined : this.#buffer.subarray(this.#start, this.#start + length);
  }

  /** The next `length` bytes; undefined, and nothing taken, until they have all come. */
  take(length: number): Uint8Array | undefined {
    const bytes = this.peek(length);
    if (bytes) this.#start += length;
    return bytes;
  }

  // Twice what is needed: a peer that sends byte by byte costs linear time, not quadratic.
  #grow(needed: number): void {
    const larger = new Uint8Array(2 * needed);
    larger.set(this.#buffer.subarray(this.#start, this.#end));
    this.#end = this.length;
    this.#start = 0;
    this.#buffer = larger;
    this.#owned = true;
  }
}
