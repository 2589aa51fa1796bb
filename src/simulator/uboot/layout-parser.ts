import { concatBytes } from '../../base/bytes.ts';
import { PHASE } from '../../stm32/phases.ts';
import { COLUMNS } from './layout-columns.ts';
import { type LayoutRow, newRow } from './layout-row.ts';
import { recognizeStm32Image } from './stm32-image.ts';

/** Rows, or why there are none; an empty message = the parser failed without a word of its own. */
export type ParsedLayout = { readonly rows: readonly LayoutRow[] } | { readonly error: string };

const TAB = 9;
const LF = 10;
const CR = 13;
const HASH = 0x23;

/**
 * What U-Boot makes of a FlashLayout in memory, quirks included: layout-grammar.md §3, protocol.md §5.2.
 * `memory` starts with the layout, with or without an STM32 v1 header; where it goes on behind it, it is cut up
 * with NULs in place. `size` is what DFU received.
 */
export function parseFlashLayout(memory: Uint8Array, size: number): ParsedLayout {
  const image = recognizeStm32Image(memory);
  if (image?.version !== 1) return parseText(withRoom(memory, 0, size));
  const text = memory.subarray(image.headerBytes, image.headerBytes + image.payloadBytes);
  const sum = text.reduce((total, byte) => (total + byte) >>> 0, 0);
  if (sum !== image.checksum || text.length < image.payloadBytes) {
    return { error: `Layout: invalid checksum : 0x${sum.toString(16)} expected 0x${image.checksum.toString(16)}` };
  }
  return parseText(withRoom(memory, image.headerBytes, image.payloadBytes));
}

/** The text and the byte behind it: a view where `memory` has that byte. */
function withRoom(memory: Uint8Array, from: number, length: number): Uint8Array {
  const room = memory.subarray(from, from + length + 1);
  return room.length > length ? room : concatBytes([room, new Uint8Array(1)]);
}

/** `room` ends with the byte behind the text. */
function parseText(room: Uint8Array): ParsedLayout {
  const length = room.length - 1;
  if (length <= 0) return { error: '' };
  room[length] = 0;
  const budget = countLines(room.subarray(0, length));
  if (budget > PHASE.LAST_USER) return { error: `Layout: too many partition (${budget})` };
  return new LayoutReader(room, budget).read();
}

/** Rows to make room for: line feeds + 1, less the lines behind the first that start with `#`. */
function countLines(text: Uint8Array): number {
  let lines = 1;
  for (let at = 0; at < text.length && text[at] !== 0; at += 1) {
    if (text[at] === LF && text[at + 1] !== HASH) lines += 1;
  }
  return lines;
}

/** One pass over the text, which it cuts up with NULs as it goes. */
class LayoutReader {
  readonly #text: Uint8Array;
  readonly #last: number;
  readonly #budget: number;
  readonly #rows: LayoutRow[] = [];
  #row = newRow();
  #at = 0;
  #columnStart = 0;
  #column = 0;
  #line = 1;
  #endOfLine = false;
  #endOfFile = false;

  constructor(room: Uint8Array, budget: number) {
    this.#text = room;
    this.#last = room.length - 1;
    this.#budget = budget;
  }

  read(): ParsedLayout {
    while (!this.#endOfFile) {
      if (!this.#stopAtDelimiter()) continue;
      const error = this.#endColumn();
      if (error !== undefined) return { error };
    }
    return this.#rows.length > 0 ? { rows: this.#rows } : { error: 'Layout: no partition found' };
  }

  /** Takes one character; true when it ended a column. */
  #stopAtDelimiter(): boolean {
    switch (this.#text[this.#at]) {
      case CR:
        this.#text[this.#at] = 0;
        this.#at += 1;
        return false;
      case 0:
        this.#endOfLine = true;
        this.#endOfFile = true;
        break;
      case LF:
        this.#endOfLine = true;
        break;
      case TAB:
        break;
      case HASH:
        if (this.#column === 0 && this.#at === this.#columnStart) this.#skipComment();
        else this.#at += 1;
        return false;
      default:
        this.#at += 1;
        return false;
    }
    this.#text[this.#at] = 0;
    this.#at += 1;
    if (this.#at >= this.#last) {
      this.#endOfFile = true;
      this.#endOfLine = true;
    }
    return true;
  }

  #skipComment(): void {
    while (this.#at < this.#last && this.#text[this.#at] !== 0) {
      this.#at += 1;
      if (this.#text[this.#at - 1] === LF) break;
    }
    this.#columnStart = this.#at;
    this.#line += 1;
    if (this.#at >= this.#last || this.#text[this.#at] === 0) {
      this.#endOfFile = true;
      this.#endOfLine = true;
    }
  }

  #endColumn(): string | undefined {
    const text = this.#columnText();
    this.#columnStart = this.#at;
    if (text === '') {
      // An empty last column leaves the end of the line pending: the next line loses its first column.
      if (this.#column === 0 && this.#endOfLine) {
        this.#endOfLine = false;
        this.#line += 1;
      }
      return undefined;
    }
    const error = COLUMNS[this.#column]?.(this.#line, text, this.#row);
    if (error !== undefined) return error;
    this.#column += 1;
    return this.#endOfLine ? this.#endRow() : undefined;
  }

  #endRow(): string | undefined {
    this.#endOfLine = false;
    if (this.#column < COLUMNS.length) return `Layout line ${this.#line}: no enought column`;
    this.#column = 0;
    this.#line += 1;
    this.#rows.push(this.#row);
    this.#row = newRow();
    const full = this.#rows.length >= this.#budget && !this.#endOfFile;
    return full ? `Layout: no enought memory for ${this.#rows.length} part` : undefined;
  }

  /** Up to the first NUL: a CR inside a field hides what follows it. */
  #columnText(): string {
    let text = '';
    for (let at = this.#columnStart; this.#text[at] !== 0; at += 1)
      text += String.fromCharCode(this.#text[at] as number);
    return text;
  }
}
