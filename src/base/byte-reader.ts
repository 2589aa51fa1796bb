/**
 * A cursor over bytes in wire order. Reading past the end throws RangeError: whoever parses foreign
 * bytes asks `remaining` first or turns it into a verdict.
 */
export class ByteReader {
  readonly #data: Uint8Array;
  readonly #view: DataView;
  #at: number;

  constructor(data: Uint8Array, at = 0) {
    this.#data = data;
    this.#view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    this.#at = at;
  }

  get offset(): number {
    return this.#at;
  }

  get remaining(): number {
    return this.#data.length - this.#at;
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u16le(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  u16be(): number {
    return this.#view.getUint16(this.#take(2), false);
  }

  u24le(): number {
    const at = this.#take(3);
    return this.#view.getUint16(at, true) | (this.#view.getUint8(at + 2) << 16);
  }

  u32le(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  u32be(): number {
    return this.#view.getUint32(this.#take(4), false);
  }

  /** A 64-bit number; undefined when it is beyond the safe integers. */
  u64le(): number | undefined {
    const value = Number(this.#view.getBigUint64(this.#take(8), true));
    return Number.isSafeInteger(value) ? value : undefined;
  }

  bytes(length: number): Uint8Array {
    const at = this.#take(length);
    return this.#data.subarray(at, at + length);
  }

  skip(length: number): void {
    this.#take(length);
  }

  #take(length: number): number {
    const at = this.#at;
    if (length < 0 || at + length > this.#data.length) {
      throw new RangeError(`${length} bytes wanted at ${at} of ${this.#data.length}`);
    }
    this.#at = at + length;
    return at;
  }
}
