import type { BufferOwner, DfuBuffer } from './dfu-buffer.ts';

/** Where the data of one alternate setting comes from and goes to. Offsets and lengths in bytes. */
export interface DfuMedium {
  readonly owner: BufferOwner;
  /** Most that it wants in the buffer; 0 = no limit. */
  readonly bufferLimit: number;
  /** What an upload announces; undefined = it cannot be read. */
  size(): number;
  /** At most `length` bytes; more when the medium has larger units; undefined = failed. */
  read(offset: number, length: number): Uint8Array | undefined;
  /** Writes the first `length` bytes of the buffer; how many bytes that moved the position, undefined = failed. */
  write(offset: number, length: number, buffer: DfuBuffer): number | undefined;
  /** The download is complete, up to `offset`. */
  flush?(offset: number): void;
  /** A transaction ends or starts over. */
  restart?(): void;
}

/**
 * One alternate setting and the transaction that is open on it. The transaction outlives ABORT, a new
 * SET_INTERFACE and the cable (FINDINGS trap 5).
 */
export interface DfuEntity {
  readonly alternate: number;
  /** The phase it belongs to. */
  readonly phase: number;
  /** One byte a character. */
  readonly name: string;
  readonly medium: DfuMedium;
  open: boolean;
  /** Next byte on the medium. */
  offset: number;
  /** Block number that has to come next. */
  sequence: number;
  /** Next position in the buffer, and its end when the transaction started. */
  cursor: number;
  end: number;
  /** Upload: bytes still on the medium, and bytes still in the buffer. */
  left: number;
  buffered: number;
  /** Data bytes of this download so far; for observers. */
  received: number;
}

export function newEntity(alternate: number, phase: number, name: string, medium: DfuMedium): DfuEntity {
  return {
    alternate,
    phase,
    name,
    medium,
    open: false,
    offset: 0,
    sequence: 0,
    cursor: 0,
    end: 0,
    left: 0,
    buffered: 0,
    received: 0,
  };
}
