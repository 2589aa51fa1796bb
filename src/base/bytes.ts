/** A range of bytes: [offset, offset + length). */
export interface Extent {
  readonly offset: number;
  readonly length: number;
}

/**
 * Bytes that can be read where they are wanted: a file, a decompressed stream, a piece of memory.
 * Offsets and sizes are bytes and always safe integers.
 */
export interface Bytes {
  readonly size: number;
  /**
   * Where there is something, ascending, not touching each other, inside [0, size); all of it when absent.
   * What lies outside means nothing: it reads as zeros and need not be written.
   */
  readonly mapped?: readonly Extent[] | undefined;
  /** Exactly the bytes of [offset, offset + length) that exist; shorter only at the end. */
  read(offset: number, length: number): Promise<Uint8Array>;
  /**
   * The bytes of [offset, offset + length) in order, in pieces of any size but 0. A piece may be
   * overwritten once three more have come; at least 256 KiB, or everything, lie between.
   */
  stream(offset?: number, length?: number): AsyncIterable<Uint8Array>;
}

export function memoryBytes(data: Uint8Array): Bytes {
  return {
    size: data.length,
    read: (offset, length) => Promise.resolve(data.subarray(offset, offset + length)),
    async *stream(offset = 0, length = data.length - offset) {
      const piece = data.subarray(offset, offset + length);
      if (piece.length > 0) yield piece;
    },
  };
}

/** Joins the pieces into one array of their own. */
export function concatBytes(pieces: readonly Uint8Array[]): Uint8Array {
  const total = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const out = new Uint8Array(total);
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** Lower-case hex without separators. */
export function toHex(data: Uint8Array): string {
  let text = '';
  for (const byte of data) text += byte.toString(16).padStart(2, '0');
  return text;
}

/** Reads hex digits; blanks between them are ignored. Throws RangeError on anything else. */
export function fromHex(text: string): Uint8Array {
  const digits = text.replace(/\s+/g, '');
  if (digits.length % 2 !== 0 || /[^0-9a-fA-F]/.test(digits)) throw new RangeError(`not hex: ${text}`);
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}

/** Text of ASCII bytes, one character a byte; bytes above 0x7F become U+FFFD. */
export function asciiText(data: Uint8Array): string {
  let text = '';
  for (const byte of data) text += byte < 0x80 ? String.fromCharCode(byte) : '\uFFFD';
  return text;
}
