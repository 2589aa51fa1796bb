import { ByteReader } from '../base/byte-reader.ts';
import { ByteWriter } from '../base/byte-writer.ts';
import { refuse, type Verdict, verdictOf } from './verdict.ts';

/** SPARSE_HEADER_MAGIC, little-endian (protocol.md §7.7). */
const MAGIC = 0xed26_ff3a;
const SPARSE_HEADER_BYTES = 28;
const CHUNK_HEADER_BYTES = 12;
/** U-Boot wants blocks of whole sectors. */
const SECTOR_BYTES = 512;

export interface SparseHeader {
  readonly blockBytes: number;
  readonly blocks: number;
  readonly chunks: number;
  /** What the image becomes when it is expanded. */
  readonly expandedBytes: number;
  readonly headerBytes: number;
  readonly chunkHeaderBytes: number;
}

/** What a chunk is, as its header says (protocol.md §7.7). */
export const SPARSE_CHUNK = { RAW: 0xcac1, FILL: 0xcac2, DONT_CARE: 0xcac3, CRC32: 0xcac4 } as const;

export interface SparseChunkHeader {
  readonly type: number;
  /** Of the expanded image. */
  readonly blocks: number;
  /** In the file, with this header. */
  readonly totalBytes: number;
}

export function hasSparseMagic(head: Uint8Array): boolean {
  return head.length >= 4 && new ByteReader(head).u32le() === MAGIC;
}

/** Reads the header of an Android sparse image, version 1; the chunks are not looked at. */
export function decodeSparseHeader(head: Uint8Array): Verdict<SparseHeader> {
  return verdictOf(() => {
    if (!hasSparseMagic(head)) refuse('no Android sparse image: the magic ED26FF3A is not there');
    const reader = new ByteReader(head, 4);
    const major = reader.u16le();
    if (major !== 1) refuse(`version ${major} is not known`);
    reader.skip(2);
    const headerBytes = reader.u16le();
    if (headerBytes < SPARSE_HEADER_BYTES) refuse(`a header of ${headerBytes} bytes`);
    const chunkHeaderBytes = reader.u16le();
    if (chunkHeaderBytes < CHUNK_HEADER_BYTES) refuse(`chunk headers of ${chunkHeaderBytes} bytes`);
    const blockBytes = reader.u32le();
    if (blockBytes === 0 || blockBytes % SECTOR_BYTES !== 0) refuse(`blocks of ${blockBytes} bytes`);
    const blocks = reader.u32le();
    const chunks = reader.u32le();
    reader.skip(4);
    const expandedBytes = blocks * blockBytes;
    if (!Number.isSafeInteger(expandedBytes)) refuse(`${blocks} blocks of ${blockBytes} bytes`);
    return { blockBytes, blocks, chunks, expandedBytes, headerBytes, chunkHeaderBytes };
  });
}

/** The header of version 1.0 without a checksum. */
export function encodeSparseHeader(header: Pick<SparseHeader, 'blockBytes' | 'blocks' | 'chunks'>): Uint8Array {
  return new ByteWriter(SPARSE_HEADER_BYTES)
    .u32le(MAGIC)
    .u16le(1)
    .u16le(0)
    .u16le(SPARSE_HEADER_BYTES)
    .u16le(CHUNK_HEADER_BYTES)
    .u32le(header.blockBytes)
    .u32le(header.blocks)
    .u32le(header.chunks)
    .zeros(4)
    .finish();
}

/** Undefined when fewer bytes are there. */
export function decodeSparseChunkHeader(head: Uint8Array): SparseChunkHeader | undefined {
  if (head.length < CHUNK_HEADER_BYTES) return undefined;
  const reader = new ByteReader(head);
  const type = reader.u16le();
  reader.skip(2);
  return { type, blocks: reader.u32le(), totalBytes: reader.u32le() };
}

export function encodeSparseChunkHeader({ type, blocks, totalBytes }: SparseChunkHeader): Uint8Array {
  return new ByteWriter(CHUNK_HEADER_BYTES).u16le(type).zeros(2).u32le(blocks).u32le(totalBytes).finish();
}
