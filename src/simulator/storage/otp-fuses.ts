import { ByteReader } from '../../base/byte-reader.ts';
import { ByteWriter } from '../../base/byte-writer.ts';

/** Bits of a word's status in the TA's structure, and whether the chip keeps them. protocol.md §5.8. */
const OTP_STATUS = {
  /** In a write: this word is meant. */
  UPDATE: 0x8000_0000,
  PERMANENT_LOCK: 0x4000_0000,
} as const;
/** Version of the TA's structure, its first word; wrong in a write = refused. */
const TA_VERSION = 2;
/** BSEC state, the second word: 0 = open. */
const STATE_OPEN = 0;

interface FuseWord {
  readonly value: number;
  readonly locked: boolean;
}

/**
 * The fuses of the chip, word by word: bits only go from 0 to 1, a locked word stays. What OP-TEE's
 * NVMEM TA shows of them is 8 bytes of head and 8 bytes a word: 776 bytes on MP1, 2952 on MP2.
 */
export class OtpFuses {
  readonly #words: FuseWord[];
  readonly #keep: (content: Uint8Array) => void;

  /** `content` as `keep` got it, or undefined for a new chip. */
  constructor(
    wordCount: number,
    content: Uint8Array | undefined,
    keep: (content: Uint8Array) => void = () => undefined,
  ) {
    const reader = new ByteReader(content ?? new Uint8Array(8 * wordCount));
    this.#words = Array.from({ length: wordCount }, () => ({ value: reader.u32le(), locked: reader.u32le() !== 0 }));
    this.#keep = keep;
  }

  get wordCount(): number {
    return this.#words.length;
  }

  value(word: number): number | undefined {
    return this.#words[word]?.value;
  }

  /** The TA's structure: version, state, then value and status of every word. */
  read(): Uint8Array {
    const writer = new ByteWriter(8 + 8 * this.#words.length).u32le(TA_VERSION).u32le(STATE_OPEN);
    for (const { value, locked } of this.#words) {
      writer.u32le(value).u32le(locked ? OTP_STATUS.PERMANENT_LOCK : 0);
    }
    return writer.finish();
  }

  /** Burns the words marked UPDATE. False when the structure is refused or a word cannot become what it should. */
  burn(structure: Uint8Array): boolean {
    const reader = new ByteReader(structure);
    if (structure.length !== 8 + 8 * this.#words.length || reader.u32le() !== TA_VERSION) return false;
    reader.skip(4);
    let done = true;
    for (let index = 0; index < this.#words.length; index += 1) {
      const wanted = reader.u32le();
      const status = reader.u32le();
      if ((status & OTP_STATUS.UPDATE) !== 0) done = this.#burnWord(index, wanted, status) && done;
    }
    this.#keep(this.#content());
    return done;
  }

  #burnWord(index: number, wanted: number, status: number): boolean {
    const word = this.#words[index] as FuseWord;
    const lock = (status & OTP_STATUS.PERMANENT_LOCK) !== 0;
    if (word.locked) return wanted === 0 && lock;
    const value = (word.value | wanted) >>> 0;
    this.#words[index] = { value, locked: lock };
    return wanted === 0 || value === wanted;
  }

  /** Per word: value, then 1 when locked; both u32 LE. */
  #content(): Uint8Array {
    const writer = new ByteWriter(8 * this.#words.length);
    for (const { value, locked } of this.#words) writer.u32le(value).u32le(locked ? 1 : 0);
    return writer.finish();
  }
}
