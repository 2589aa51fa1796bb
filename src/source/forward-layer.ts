import { PhaselineError } from '../base/errors.ts';
import { Cursor } from './cursor.ts';
import { damaged } from './damage.ts';
import { collected } from './extents.ts';
import { printablePath } from './file-failure.ts';
import type { Layer } from './layer.ts';
import type { Unpack } from './unpack/unpack.ts';

/** What is looked at to tell what something is, kept so that it costs one start. */
const HEAD_BYTES = 132 * 1024;
/** Streams that stopped on the way and may be gone on with; each is a process. */
const MOST_IDLE = 8;

interface Expansion {
  /** For messages. */
  readonly path: string;
  readonly format: string;
  readonly unpack: Unpack;
  /** What it expands to, where its own structure says so. */
  readonly size?: number | undefined;
}

/**
 * What a compressed layer expands to. A stream that starts at or behind the place where an earlier one stopped goes
 * on from there; streams at the same time are independent of each other. The last byte is given only after the
 * format's own checks, and after `size` turned out to be right where it is known.
 */
export class ForwardLayer implements Layer {
  readonly random = false;
  readonly #below: Layer;
  readonly #expansion: Expansion;
  readonly #idle: Cursor[] = [];
  readonly #busy = new Set<Cursor>();
  #size: number | undefined;
  #head: Promise<Uint8Array> | undefined;
  #closed: Promise<void> | undefined;

  constructor(below: Layer, expansion: Expansion) {
    this.#below = below;
    this.#expansion = expansion;
    this.#size = expansion.size;
  }

  get size(): number | undefined {
    return this.#size;
  }

  /** Somebody read to the end and counted. */
  settle(size: number): void {
    this.#size = size;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    if (offset + length > HEAD_BYTES) return collected(this.stream(offset, length));
    this.#head ??= collected(this.#pieces(0, HEAD_BYTES, false));
    // Who asked gets the failure; it is not unhandled because somebody asks later.
    this.#head.catch(() => undefined);
    return (await this.#head).slice(offset, offset + length);
  }

  stream(offset = 0, length = Number.POSITIVE_INFINITY): AsyncGenerator<Uint8Array> {
    return this.#pieces(offset, length, true);
  }

  /** `mayGoOn`: whether another stream is likely to begin where this one stops. */
  async *#pieces(offset: number, length: number, mayGoOn: boolean): AsyncGenerator<Uint8Array> {
    const size = this.#size;
    const end = Math.min(offset + length, size ?? Number.POSITIVE_INFINITY);
    if (offset >= end) return;
    const cursor = this.#take(offset);
    let goesOn = false;
    try {
      await cursor.skipTo(offset);
      while (cursor.at < end) {
        const piece = await cursor.next(end - cursor.at);
        if (!piece) {
          this.#insistComplete(cursor.at, size);
          return;
        }
        if (cursor.at === size) await this.#insistEnd(cursor);
        goesOn = cursor.at !== size;
        yield piece;
        goesOn = false;
      }
      goesOn = cursor.at !== size;
    } finally {
      this.#busy.delete(cursor);
      if (mayGoOn && goesOn && !this.#closed) await this.#park(cursor);
      else await cursor.stop();
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #end(): Promise<void> {
    await Promise.all([...this.#idle, ...this.#busy].map((cursor) => cursor.stop()));
    await this.#below.close();
  }

  /** The idle one that is nearest, or a new one. */
  #take(offset: number): Cursor {
    if (this.#closed) throw this.#unreadable();
    let best = -1;
    this.#idle.forEach(({ at }, index) => {
      if (at <= offset && at > (this.#idle[best]?.at ?? -1)) best = index;
    });
    const [idle] = best < 0 ? [] : this.#idle.splice(best, 1);
    const { unpack, path } = this.#expansion;
    const cursor = idle ?? new Cursor((signal) => unpack(this.#below.stream(), { path, signal }));
    this.#busy.add(cursor);
    return cursor;
  }

  async #park(cursor: Cursor): Promise<void> {
    this.#idle.push(cursor);
    if (this.#idle.length > MOST_IDLE) await this.#idle.shift()?.stop();
  }

  async #insistEnd(cursor: Cursor): Promise<void> {
    if ((await cursor.next(1)) === undefined) return;
    throw this.#damaged(`it expands to more than the ${this.#size} bytes it speaks of`);
  }

  #insistComplete(at: number, size: number | undefined): void {
    if (this.#closed) throw this.#unreadable();
    if (size !== undefined && at !== size) throw this.#damaged(`it expands to ${at} bytes and speaks of ${size}`);
  }

  #damaged(reason: string): PhaselineError {
    return damaged(this.#expansion.path, this.#expansion.format, reason);
  }

  #unreadable(): PhaselineError {
    const { path } = this.#expansion;
    return new PhaselineError('files/unreadable', `${printablePath(path)} cannot be read: it was closed`, { path });
  }
}
