import type { Medium } from './medium.ts';

const PAGE_BYTES = 64 * 1024;

/**
 * A medium in memory that costs nothing until something other than its blank value is written:
 * 0 for cards, 0xFF for erased flash. Offsets and lengths in bytes.
 */
export class MemoryMedium implements Medium {
  readonly size: number;
  readonly #blank: number;
  readonly #pages = new Map<number, Uint8Array>();

  constructor(size: number, blank = 0) {
    this.size = size;
    this.#blank = blank;
  }

  read(offset: number, length: number): Uint8Array {
    checkRange(this, offset, length);
    const out = new Uint8Array(length);
    if (this.#blank !== 0) out.fill(this.#blank);
    for (const piece of pieces(offset, length)) {
      const page = this.#pages.get(piece.page);
      if (page) out.set(page.subarray(piece.from, piece.to), piece.at);
    }
    return out;
  }

  write(offset: number, data: Uint8Array): void {
    checkRange(this, offset, data.length);
    for (const piece of pieces(offset, data.length)) {
      const part = data.subarray(piece.at, piece.at + piece.to - piece.from);
      const page = this.#pages.get(piece.page);
      if (page) page.set(part, piece.from);
      else if (!isFilledWith(part, this.#blank)) this.#newPage(piece.page).set(part, piece.from);
    }
  }

  fill(offset: number, length: number, value: number): void {
    checkRange(this, offset, length);
    if (value === this.#blank) {
      this.#blankOut(offset, length);
      return;
    }
    for (const piece of pieces(offset, length)) {
      const page = this.#pages.get(piece.page) ?? this.#newPage(piece.page);
      page.fill(value, piece.from, piece.to);
    }
  }

  close(): void {
    this.#pages.clear();
  }

  /** Goes over the pages that exist, not over the range: a whole card is blanked at once. */
  #blankOut(offset: number, length: number): void {
    for (const [index, page] of this.#pages) {
      const from = Math.max(offset - index * PAGE_BYTES, 0);
      const to = Math.min(offset + length - index * PAGE_BYTES, PAGE_BYTES);
      if (from === 0 && to === PAGE_BYTES) this.#pages.delete(index);
      else if (from < to) page.fill(this.#blank, from, to);
    }
  }

  #newPage(index: number): Uint8Array {
    const page = new Uint8Array(PAGE_BYTES);
    if (this.#blank !== 0) page.fill(this.#blank);
    this.#pages.set(index, page);
    return page;
  }
}

/** RangeError when [offset, offset + length) is not on the medium. */
export function checkRange(medium: { readonly size: number }, offset: number, length: number): void {
  if (offset < 0 || length < 0 || offset + length > medium.size) {
    throw new RangeError(`${length} bytes at ${offset} of a medium of ${medium.size}`);
  }
}

export function isFilledWith(data: Uint8Array, value: number): boolean {
  const words = data.byteOffset % 4 === 0 ? data.length >>> 2 : 0;
  const word = (value * 0x0101_0101) >>> 0;
  const view = new Uint32Array(words > 0 ? data.buffer : new ArrayBuffer(0), words > 0 ? data.byteOffset : 0, words);
  for (let i = 0; i < words; i += 1) if (view[i] !== word) return false;
  for (let i = 4 * words; i < data.length; i += 1) if (data[i] !== value) return false;
  return true;
}

interface Piece {
  readonly page: number;
  /** Range inside the page. */
  readonly from: number;
  readonly to: number;
  /** Where the piece starts in the caller's data. */
  readonly at: number;
}

function* pieces(offset: number, length: number): Generator<Piece> {
  for (let at = 0; at < length; ) {
    const page = Math.floor((offset + at) / PAGE_BYTES);
    const from = offset + at - page * PAGE_BYTES;
    const to = Math.min(PAGE_BYTES, from + length - at);
    yield { page, from, to, at };
    at += to - from;
  }
}
