import { ByteReader } from '../base/byte-reader.ts';
import type { Bytes } from '../base/bytes.ts';
import { SmallReads } from './small-reads.ts';

/** RFC 8878: frames (§3.1.1), blocks (§3.1.1.2), skippable frames (§3.1.2). */
const FRAME_MAGIC = 0xfd2f_b528;
const SKIPPABLE_MAGIC = 0x184d_2a50;
const FRAME_HEAD_BYTES = 18;
const BLOCK_HEAD_BYTES = 3;
const RLE_BLOCK = 1;

/**
 * What a zstd file expands to, if every frame says so; undefined when one does not, or when the frames cannot be
 * followed to the end (the decompressor will say what is wrong with them). Reads the heads of frames and blocks.
 */
export async function zstdExpandedBytes(bytes: Bytes): Promise<number | undefined> {
  const reads = new SmallReads(bytes);
  let total = 0;
  for (let at = 0; at < bytes.size; ) {
    const frame = frameHead(await reads.read(at, FRAME_HEAD_BYTES));
    if (!frame) return undefined;
    if (frame.contentBytes === undefined) return undefined;
    total += frame.contentBytes;
    at += frame.headBytes;
    if (frame.blocks) {
      const end = await endOfBlocks(reads, at, bytes.size);
      if (end === undefined) return undefined;
      at = end + (frame.hasChecksum ? 4 : 0);
    }
    if (at > bytes.size) return undefined;
  }
  return Number.isSafeInteger(total) ? total : undefined;
}

async function endOfBlocks(reads: SmallReads, start: number, fileBytes: number): Promise<number | undefined> {
  for (let at = start; at + BLOCK_HEAD_BYTES <= fileBytes; ) {
    const head = new ByteReader(await reads.read(at, BLOCK_HEAD_BYTES)).u24le();
    const type = (head >> 1) & 3;
    at += BLOCK_HEAD_BYTES + (type === RLE_BLOCK ? 1 : head >> 3);
    if ((head & 1) !== 0) return at;
  }
  return undefined;
}

interface FrameHead {
  readonly headBytes: number;
  /** Undefined when the frame does not say. */
  readonly contentBytes: number | undefined;
  readonly blocks: boolean;
  readonly hasChecksum: boolean;
}

function frameHead(head: Uint8Array): FrameHead | undefined {
  if (head.length < 8) return undefined;
  const reader = new ByteReader(head);
  const magic = reader.u32le();
  if ((magic & 0xffff_fff0) >>> 0 === SKIPPABLE_MAGIC) {
    return { headBytes: 8 + reader.u32le(), contentBytes: 0, blocks: false, hasChecksum: false };
  }
  if (magic !== FRAME_MAGIC) return undefined;
  const descriptor = reader.u8();
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] as number;
  const sizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] as number;
  const skipped = (isSingleSegment ? 0 : 1) + dictionaryBytes;
  if (reader.remaining < skipped + sizeBytes) return undefined;
  reader.skip(skipped);
  return {
    headBytes: reader.offset + sizeBytes,
    contentBytes: contentBytes(reader, sizeBytes),
    blocks: true,
    hasChecksum: (descriptor & 4) !== 0,
  };
}

function contentBytes(reader: ByteReader, sizeBytes: number): number | undefined {
  switch (sizeBytes) {
    case 1:
      return reader.u8();
    case 2:
      return reader.u16le() + 256;
    case 4:
      return reader.u32le();
    case 8:
      return reader.u64le();
    default:
      return undefined;
  }
}
