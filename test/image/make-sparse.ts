import { ByteWriter } from '../../src/base/byte-writer.ts';
import { concatBytes } from '../../src/base/bytes.ts';
import {
  encodeSparseChunkHeader,
  encodeSparseHeader,
  SPARSE_CHUNK,
  type SparseChunkHeader,
} from '../../src/image/android-sparse.ts';

const CHUNK_HEADER_BYTES = 12;

export type SparsePart =
  | { readonly raw: Uint8Array }
  | { readonly fill: number; readonly blocks: number }
  | { readonly dontCare: number }
  | { readonly crc: number };

/** An Android sparse image of these parts; a raw part is padded to whole blocks with zeros. */
export function makeSparse(parts: readonly SparsePart[], blockBytes = 4096): Uint8Array {
  const chunks = parts.map((part) => chunkOf(part, blockBytes));
  const blocks = chunks.reduce((sum, { head }) => sum + head.blocks, 0);
  return concatBytes([
    encodeSparseHeader({ blockBytes, blocks, chunks: chunks.length }),
    ...chunks.flatMap(({ head, payload }) => [encodeSparseChunkHeader(head), payload]),
  ]);
}

/** What those parts expand to. */
export function expandSparse(parts: readonly SparsePart[], blockBytes = 4096): Uint8Array {
  return concatBytes(
    parts.map((part) => {
      if ('raw' in part) return padded(part.raw, blockBytes);
      if ('crc' in part) return new Uint8Array(0);
      if ('dontCare' in part) return new Uint8Array(part.dontCare * blockBytes);
      const word = new ByteWriter(4).u32le(part.fill).finish();
      return Uint8Array.from({ length: part.blocks * blockBytes }, (_, at) => word[at % 4] as number);
    }),
  );
}

function chunkOf(part: SparsePart, blockBytes: number): { head: SparseChunkHeader; payload: Uint8Array } {
  const chunk = (type: number, blocks: number, payload: Uint8Array) => ({
    head: { type, blocks, totalBytes: CHUNK_HEADER_BYTES + payload.length },
    payload,
  });
  if ('raw' in part) {
    const payload = padded(part.raw, blockBytes);
    return chunk(SPARSE_CHUNK.RAW, payload.length / blockBytes, payload);
  }
  if ('fill' in part) return chunk(SPARSE_CHUNK.FILL, part.blocks, new ByteWriter(4).u32le(part.fill).finish());
  if ('crc' in part) return chunk(SPARSE_CHUNK.CRC32, 0, new ByteWriter(4).u32le(part.crc).finish());
  return chunk(SPARSE_CHUNK.DONT_CARE, part.dontCare, new Uint8Array(0));
}

function padded(data: Uint8Array, blockBytes: number): Uint8Array {
  const whole = new Uint8Array(Math.ceil(data.length / blockBytes) * blockBytes);
  whole.set(data);
  return whole;
}
