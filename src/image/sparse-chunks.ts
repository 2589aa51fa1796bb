import { ByteReader } from '../base/byte-reader.ts';
import type { Extent } from '../base/bytes.ts';
import {
  decodeSparseChunkHeader,
  decodeSparseHeader,
  SPARSE_CHUNK,
  type SparseChunkHeader,
  type SparseHeader,
} from './android-sparse.ts';
import { type Readable, SmallReads } from './small-reads.ts';
import type { Verdict } from './verdict.ts';

/** More than a card of 4 GiB makes that alternates block by block. */
const MOST_CHUNKS = 2 ** 20;
/** Looked at behind the last chunk: enough to see the magic of the next part of an image that was cut in several. */
const TAIL_BYTES = 64;

/** A part of the expanded image that has a content. */
export interface SparseChunk extends Extent {
  /** Where its bytes lie in the file, or the four bytes that it is filled with. */
  readonly from: { readonly at: number } | { readonly fill: Uint8Array };
}

/** CRC-32 of the expanded image up to `offset`. */
export interface SparseSum {
  readonly offset: number;
  readonly sum: number;
}

export interface SparseIndex {
  readonly expandedBytes: number;
  /** Ascending; what lies between them nobody cares for. */
  readonly chunks: readonly SparseChunk[];
  readonly sums: readonly SparseSum[];
  /** Where the last chunk ends in the file. */
  readonly endsAt: number;
}

/** Reads all chunk headers of an Android sparse image and holds them against its header. Payloads are not read. */
export async function readSparseIndex(file: Readable): Promise<Verdict<SparseIndex>> {
  const reads = new SmallReads(file);
  const decoded = decodeSparseHeader(await reads.read(0, 64));
  if (!decoded.ok) return decoded;
  const header = decoded.value;
  if (header.chunks > MOST_CHUNKS) return refusal(`${header.chunks} chunks; more than ${MOST_CHUNKS} are not read`);
  const chunks: SparseChunk[] = [];
  const sums: SparseSum[] = [];
  let at = header.headerBytes;
  let blocks = 0;
  for (let number = 0; number < header.chunks; number += 1) {
    const head = decodeSparseChunkHeader((await reads.read(at, header.chunkHeaderBytes)).slice());
    if (!head) return refusal(`it ends early, in the header of chunk ${number} of ${header.chunks}`);
    const payload = at + header.chunkHeaderBytes;
    const fault = faultIn(head, header, blocks);
    if (fault !== undefined) return refusal(`chunk ${number} ${fault}`);
    const place = { offset: blocks * header.blockBytes, length: head.blocks * header.blockBytes };
    if (head.type === SPARSE_CHUNK.RAW && head.blocks > 0) chunks.push({ ...place, from: { at: payload } });
    if (head.type === SPARSE_CHUNK.FILL || head.type === SPARSE_CHUNK.CRC32) {
      const word = (await reads.read(payload, 4)).slice();
      if (word.length < 4) return refusal(`it ends early, in chunk ${number} of ${header.chunks}`);
      if (head.type === SPARSE_CHUNK.CRC32) sums.push({ offset: place.offset, sum: new ByteReader(word).u32le() });
      else if (head.blocks > 0) chunks.push({ ...place, from: { fill: word } });
    }
    blocks += head.type === SPARSE_CHUNK.CRC32 ? 0 : head.blocks;
    at += head.totalBytes;
  }
  if (blocks !== header.blocks) return refusal(`its header speaks of ${header.blocks} blocks, its chunks of ${blocks}`);
  const last = await reads.read(at - 1, 1);
  if (last.length === 0) return refusal(`it ends early: its chunks speak of ${at} bytes`);
  const behind = await reads.read(at, TAIL_BYTES);
  if (behind.some((byte) => byte !== 0)) return refusal(`something else follows its last chunk, at byte ${at}`);
  return { ok: true, value: { expandedBytes: header.expandedBytes, chunks, sums, endsAt: at } };
}

/** What the index says is there: chunks that touch are one. */
export function mappedBy(chunks: readonly Extent[]): readonly Extent[] {
  const mapped: { offset: number; length: number }[] = [];
  for (const { offset, length } of chunks) {
    const last = mapped.at(-1);
    if (last && last.offset + last.length === offset) last.length += length;
    else mapped.push({ offset, length });
  }
  return mapped;
}

function faultIn(
  { type, blocks, totalBytes }: SparseChunkHeader,
  header: SparseHeader,
  before: number,
): string | undefined {
  const payloads: Readonly<Record<number, number>> = {
    [SPARSE_CHUNK.RAW]: blocks * header.blockBytes,
    [SPARSE_CHUNK.FILL]: 4,
    [SPARSE_CHUNK.DONT_CARE]: 0,
    [SPARSE_CHUNK.CRC32]: 4,
  };
  const payload = payloads[type];
  if (payload === undefined) return `is of the unknown type 0x${type.toString(16)}`;
  const wanted = header.chunkHeaderBytes + payload;
  if (totalBytes !== wanted) return `speaks of ${totalBytes} bytes in the file, and should of ${wanted}`;
  if (type === SPARSE_CHUNK.CRC32 || before + blocks <= header.blocks) return undefined;
  return `goes beyond the ${header.blocks} blocks of the header`;
}

function refusal(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}
