import { concatBytes } from '../../base/bytes.ts';
import { encodePhaseReply, PHASE } from '../../stm32/phases.ts';

/**
 * What a boot stage wants next, and the memory it fills: dfu_state of TF-A's stm32cubeprogrammer_usb.c.
 * The address that GetPhase shows is the write pointer, which moves with each block and never back.
 */
export class PhaseMemory {
  phase: number = PHASE.ERROR;
  #base: number | undefined;
  #filled = 0;
  #limit = 0;
  #text = '';
  #pieces: Uint8Array[] = [];

  /** Waits for `phase` with room for `limit` bytes at `base`. */
  expect(phase: number, base: number | undefined, limit: number): void {
    this.phase = phase;
    this.#base = base;
    this.#filled = 0;
    this.#limit = limit;
    this.#pieces = [];
  }

  /** Where the next byte goes; undefined = nowhere (0xFFFFFFFF). */
  get address(): number | undefined {
    return this.#base === undefined ? undefined : this.#base + this.#filled;
  }

  /** Takes a block; false when it reaches beyond the limit. The pointer has moved by then. */
  append(data: Uint8Array): boolean {
    this.#filled += data.length;
    if (this.#filled > this.#limit) return false;
    this.#pieces.push(data.slice());
    return true;
  }

  /** Everything that came for this phase. */
  get content(): Uint8Array {
    return concatBytes(this.#pieces);
  }

  /** All is loaded: phase 0 without an address, which asks for a DETACH. */
  done(): void {
    this.expect(PHASE.FLASHLAYOUT, undefined, 0);
  }

  /** Phase 0xFF with a text; only the first error is kept. */
  fail(text: string): void {
    if (this.phase === PHASE.ERROR) return;
    this.#text = text;
    this.expect(PHASE.ERROR, undefined, 0);
  }

  /** The reply to GetPhase: TF-A adds needDetach in phase 0 without an address only (protocol.md §4.1). */
  reply(needDetach = this.address === undefined): Uint8Array {
    return encodePhaseReply({
      phase: this.phase,
      address: this.address,
      offset: 0,
      needDetach: needDetach || undefined,
      text: this.#text,
    });
  }
}
