/**
 * Plain storage without any rules of its own: bytes that are there until overwritten. Synchronous,
 * because firmware waits for its media. Offsets and lengths in bytes.
 */
export interface Medium {
  readonly size: number;
  /** A copy of the bytes of [offset, offset + length); RangeError outside the medium. */
  read(offset: number, length: number): Uint8Array;
  write(offset: number, data: Uint8Array): void;
  /** Sets [offset, offset + length) to one byte value; 0 costs no space. */
  fill(offset: number, length: number, value: number): void;
  close(): void;
}
