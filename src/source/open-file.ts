import type { BigIntStats } from 'node:fs';
import { constants, type FileHandle, open, stat } from 'node:fs/promises';
import type { Bytes } from '../base/bytes.ts';
import { PhaselineError } from '../base/errors.ts';
import { fileFailure, printablePath } from './file-failure.ts';

/** One read of a stream. */
const CHUNK_BYTES = 256 * 1024;
/** One piece is being read, one is in use, and those behind may still be on their way to the board. */
const BUFFERS = 4;

/** A file that is open for reading. What `read` gives is the caller's own; a stream uses its buffers again. */
export interface OpenSource extends Bytes {
  readonly path: string;
  /** Gives the file back; later reads fail. Closing twice is allowed. */
  close(): Promise<void>;
}

/** What lies on the disk as it is. */
export interface OpenFile extends OpenSource {
  /** A range anywhere costs the same. */
  readonly random: true;
  /** The same for the same file as long as nobody changes it. */
  readonly stamp: string;
}

/**
 * Opens a regular file. A stream reads one piece ahead of who asks for it and no further, into buffers of its
 * own, so memory does not grow with the file. Errors: files/missing, files/unreadable (a folder or device too), and from every read
 * files/changed when the file's size or modification time is no longer what it was at opening.
 */
export async function openFile(path: string): Promise<OpenFile> {
  // Only to open some devices does something to them: a tape rewinds, a watchdog starts.
  refuseUnlessFile(path, await statOf(path));
  const handle = await openHandle(path);
  try {
    // What was looked at may have been replaced since.
    const stats = await handle.stat({ bigint: true });
    refuseUnlessFile(path, stats);
    return new FileSource(path, handle, stats);
  } catch (error) {
    await handle.close();
    throw error instanceof PhaselineError ? error : fileFailure(path, error);
  }
}

async function statOf(path: string): Promise<BigIntStats> {
  try {
    return await stat(path, { bigint: true });
  } catch (error) {
    throw fileFailure(path, error);
  }
}

function refuseUnlessFile(path: string, stats: BigIntStats): void {
  if (stats.isFile()) return;
  throw new PhaselineError('files/unreadable', `${printablePath(path)} is ${kindOf(stats)}`, { path });
}

// Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
async function openHandle(path: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw fileFailure(path, error);
  }
}

function kindOf(stats: BigIntStats): string {
  if (stats.isDirectory()) return 'a folder, not a file';
  if (stats.isBlockDevice() || stats.isCharacterDevice()) return 'a device, not a file';
  return 'a pipe or socket, not a file';
}

class FileSource implements OpenFile {
  readonly random = true;
  readonly path: string;
  readonly size: number;
  readonly #handle: FileHandle;
  readonly #opened: BigIntStats;
  #closing: Promise<void> | undefined;

  constructor(path: string, handle: FileHandle, opened: BigIntStats) {
    this.path = path;
    this.size = Number(opened.size);
    this.#handle = handle;
    this.#opened = opened;
  }

  get stamp(): string {
    const { dev, ino, size, mtimeNs } = this.#opened;
    return [dev, ino, size, mtimeNs].join(':');
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    return this.#fill(new Uint8Array(Math.max(0, Math.min(length, this.size - offset))), offset);
  }

  async *stream(offset = 0, length = this.size - offset): AsyncGenerator<Uint8Array> {
    const end = Math.min(this.size, offset + length);
    const buffers = Array.from(
      { length: BUFFERS },
      () => new Uint8Array(Math.min(CHUNK_BYTES, Math.max(0, end - offset))),
    );
    let next = 0;
    const piece = (at: number) => {
      if (at >= end) return undefined;
      const buffer = buffers[next++ % BUFFERS] as Uint8Array;
      return this.#fill(buffer.subarray(0, end - at), at);
    };
    let ahead = piece(offset);
    for (let at = offset; ahead !== undefined; ) {
      const data = await ahead;
      at += data.length;
      ahead = piece(at);
      // Who leaves the loop early never looks at it: its failure is not unhandled then.
      ahead?.catch(() => undefined);
      yield data;
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#handle.close();
    return this.#closing;
  }

  /** Fills all of `data` from `offset` on. */
  async #fill(data: Uint8Array, offset: number): Promise<Uint8Array> {
    let done = 0;
    while (done < data.length) {
      const bytesRead = await this.#readInto(data, done, offset + done);
      if (bytesRead === 0) throw this.#changed();
      done += bytesRead;
    }
    await this.#insistUnchanged();
    return data;
  }

  async #readInto(data: Uint8Array, at: number, position: number): Promise<number> {
    try {
      const { bytesRead } = await this.#handle.read(data, at, data.length - at, position);
      return bytesRead;
    } catch (error) {
      throw fileFailure(this.path, error);
    }
  }

  async #insistUnchanged(): Promise<void> {
    const now = await this.#stat();
    if (now.size !== this.#opened.size || now.mtimeNs !== this.#opened.mtimeNs) throw this.#changed();
  }

  async #stat(): Promise<BigIntStats> {
    try {
      return await this.#handle.stat({ bigint: true });
    } catch (error) {
      throw fileFailure(this.path, error);
    }
  }

  #changed(): PhaselineError {
    return changedFile(this.path);
  }
}

export function changedFile(path: string): PhaselineError {
  return new PhaselineError('files/changed', `${printablePath(path)} changed while it was being read`, { path });
}
