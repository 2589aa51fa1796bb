/** CONFIG_SYS_DFU_DATA_BUF_SIZE of the STM32MP boards. protocol.md §5.9. */
const FULL_BYTES = 8 * 1024 * 1024;

export type BufferOwner = 'mmc' | 'mtd' | 'ram' | 'virtual';

/**
 * The one buffer that all alternate settings share. It is allocated by whoever needs it first, with
 * that one's size, and given back and allocated anew when an alternate of another type comes: positions
 * that someone else remembers then point into the new one, at the same address, blank (FINDINGS trap 1).
 */
export class DfuBuffer {
  #memory: Uint8Array | undefined;
  #size = 0;
  #owner: BufferOwner | undefined;
  /** Nothing but zeros from here on. */
  #touched = 0;

  /** Bytes of the buffer as it was last allocated. */
  get size(): number {
    return this.#size;
  }

  /** `limit` in bytes as the owner's type wants it; 0 = none. */
  claim(owner: BufferOwner, limit: number): void {
    if (this.#owner === owner) return;
    this.#memory?.fill(0, 0, this.#touched);
    this.#touched = 0;
    this.#owner = owner;
    this.#size = limit > 0 ? Math.min(limit, FULL_BYTES) : FULL_BYTES;
  }

  write(at: number, data: Uint8Array): void {
    this.#room(at + data.length).set(data, at);
    this.#touched = Math.max(this.#touched, at + data.length);
  }

  /** A view, good until the next write. */
  view(at: number, length: number): Uint8Array {
    return this.#room(at + length).subarray(at, at + length);
  }

  /** Stale positions may reach beyond a buffer that came back smaller; the heap behind it gives way. */
  #room(end: number): Uint8Array {
    if (this.#memory && end <= this.#memory.length) return this.#memory;
    const grown = new Uint8Array(Math.max(this.#size, end));
    if (this.#memory) grown.set(this.#memory.subarray(0, this.#touched));
    this.#memory = grown;
    return grown;
  }
}
