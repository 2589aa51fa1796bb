import { concatBytes, equalBytes } from '../../src/base/bytes.ts';
import type { BoardStorage } from '../../src/simulator/storage/board-storage.ts';
import { findMedium } from './golden-board.ts';
import { type Data, dataBytes } from './transcript.ts';

const DFU = { DNLOAD: 1, GETSTATUS: 3 } as const;
const STATE = { MANIFEST: 7, ERROR: 10 } as const;
const STM32_HEADER = 256;
const SECTOR = 512;
const STEP = 64 * 1024;

interface Place {
  readonly file: string;
  readonly offset: number;
}

/** One download that was acknowledged to its end, and where it has to be. */
interface Landing extends Place {
  readonly pieces: readonly Data[];
  readonly length: number;
}

interface Request {
  readonly requestType: number;
  readonly request: number;
  readonly value: number;
  readonly alternate: number;
}

/**
 * What must be on the media by what the host was told, read off the wire alone: the layout that was
 * sent, the names of the alternate settings, DNLOADs and their states. Holds descriptions of data, not
 * data. Where a transcript uses what makes landing places unclear (SetPhase offsets, another alternate
 * in the middle of a download) it expects nothing.
 */
export class ImpliedStorage {
  #alternates: readonly string[] = [];
  #layout = new Map<number, Place>();
  #pending = new Map<number, Data[]>();
  #landings: Landing[] = [];
  #unclear = false;

  enumerated(alternates: readonly string[]): void {
    this.#alternates = alternates;
    this.#pending.clear();
  }

  downloaded(alternate: number, data: Data): void {
    this.#pending.set(alternate, [...(this.#pending.get(alternate) ?? []), data]);
  }

  transferred(request: Request, out: Data | undefined, reply: Uint8Array | undefined): void {
    if ((request.requestType & 0x60) === 0 || !reply) return;
    const { alternate } = request;
    if (request.request === DFU.GETSTATUS) this.#stateKnown(alternate, reply[4]);
    else if ([...this.#pending.keys()].some((other) => other !== alternate)) this.#unclear ||= request.request <= 2;
    if (request.request === DFU.DNLOAD && out && out.len > 0) this.downloaded(alternate, out);
  }

  /** The first place that does not hold what it must, in words. */
  firstDifference(storage: BoardStorage): string | undefined {
    if (this.#unclear) return undefined;
    for (const [index, landing] of this.#landings.entries()) {
      const later = this.#landings.slice(index + 1);
      const at = firstDifferentByte(storage, landing, later);
      if (at !== undefined)
        return `${landing.file}: ${landing.length} bytes at ${landing.offset}, as acknowledged (byte ${at})`;
    }
    return undefined;
  }

  #stateKnown(alternate: number, state: number | undefined): void {
    if (state === STATE.ERROR) this.#pending.delete(alternate);
    if (state !== STATE.MANIFEST) return;
    const pieces = this.#pending.get(alternate);
    this.#pending.delete(alternate);
    if (pieces) this.#complete(this.#alternates[alternate] ?? '', pieces);
  }

  #complete(name: string, pieces: readonly Data[]): void {
    const length = pieces.reduce((sum, piece) => sum + piece.len, 0);
    const id = Number(/\/0x([0-9a-f]{2})\/1\*[^/]*$/.exec(name)?.[1]?.replace(/^/, '0x') ?? -1);
    if (name.startsWith('@FlashLayout/')) this.#layout = placesOf(pieces);
    else if (id === 0xf1)
      this.#unclear ||= concatBytes(pieces.map(bytesOf))
        .subarray(1, 5)
        .some((byte) => byte !== 0);
    const place = this.#layout.get(id);
    if (place && !name.startsWith('@FlashLayout/')) this.#landings.push({ ...place, pieces, length });
  }
}

function bytesOf(piece: Data): Uint8Array {
  return dataBytes(piece) ?? new Uint8Array(0);
}

/** Id to place, for the rows of a plain layout; a row that is out of the ordinary has no place. */
function placesOf(pieces: readonly Data[]): Map<number, Place> {
  const raw = concatBytes(pieces.map(bytesOf));
  const text = new TextDecoder('latin1').decode(raw.subarray(raw[0] === 0x53 && raw[1] === 0x54 ? STM32_HEADER : 0));
  const places = new Map<number, Place>();
  for (const line of text.split('\0', 1)[0]?.split(/\r?\n/) ?? []) {
    const [, id, , type, ip = '', offset = ''] = line.split(/\t+/);
    if (line.startsWith('#') || !/^(mmc|nor|nand|spi-nand)\d$/.test(ip)) continue;
    const number = /^0\d/.test(id ?? '') ? Number.parseInt(id as string, 8) : Number(id);
    if (offset.startsWith('boot')) places.set(number, { file: `${ip}${offset}`, offset: 0 });
    else places.set(number, { file: ip, offset: type === 'RawImage' ? 0 : Number(offset) });
  }
  return places;
}

function firstDifferentByte(storage: BoardStorage, landing: Landing, later: readonly Landing[]): number | undefined {
  const medium = findMedium(storage, landing.file);
  let at = landing.offset;
  for (const piece of landing.pieces) {
    for (let from = 0; from < piece.len; from += STEP) {
      const to = Math.min(piece.len, from + STEP);
      const expected = dataBytes(piece, from, to);
      const overwritten = later.some((other) => overlaps(other, landing.file, at, to - from));
      const same = overwritten || (expected && medium && equalBytes(medium.read(at, to - from), expected));
      if (!same) return at - landing.offset;
      at += to - from;
    }
  }
  return undefined;
}

function overlaps(other: Landing, file: string, offset: number, length: number): boolean {
  const end = other.offset + Math.ceil(other.length / SECTOR) * SECTOR;
  return other.file === file && other.offset < offset + length && end > offset;
}
