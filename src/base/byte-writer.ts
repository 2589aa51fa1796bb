/** Builds a block of fixed length field by field; `finish` insists that it was filled exactly. */
export class ByteWriter {
  readonly #data: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(length: number) {
    this.#data = new Uint8Array(length);
    this.#view = new DataView(this.#data.buffer);
  }

  u8(value: number): this {
    this.#view.setUint8(this.#take(1), value);
    return this;
  }

  u16le(value: number): this {
    this.#view.setUint16(this.#take(2), value, true);
    return this;
  }

  u16be(value: number): this {
    this.#view.setUint16(this.#take(2), value, false);
    return this;
  }

  u24le(value: number): this {
    const at = this.#take(3);
    this.#view.setUint16(at, value & 0xffff, true);
    this.#view.setUint8(at + 2, (value >>> 16) & 0xff);
    return this;
  }

  u32le(value: number): this {
    this.#view.setUint32(this.#take(4), value, true);
    return this;
  }

  u32be(value: number): this {
    this.#view.setUint32(this.#take(4), value, false);
    return this;
  }

  u64le(value: number): this {
    this.#view.setBigUint64(this.#take(8), BigInt(value), true);
    return this;
  }

  bytes(data: Uint8Array): this {
    this.#data.set(data, this.#take(data.length));
    return this;
  }

  /** ASCII text, cut or padded with NUL to `length`. */
  text(value: string, length: number): this {
    const at = this.#take(length);
    for (let i = 0; i < Math.min(value.length, length); i += 1) this.#data[at + i] = value.charCodeAt(i) & 0x7f;
    return this;
  }

  zeros(length: number): this {
    this.#take(length);
    return this;
  }

  finish(): Uint8Array {
    if (this.#at !== this.#data.length) throw new RangeError(`${this.#at} of ${this.#data.length} bytes written`);
    return this.#data;
  }

  #take(length: number): number {
    const at = this.#at;
    if (at + length > this.#data.length) throw new RangeError(`${length} bytes at ${at} of ${this.#data.length}`);
    this.#at = at + length;
    return at;
  }
}
