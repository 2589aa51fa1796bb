import { ByteReader } from '../base/byte-reader.ts';
import type { Bytes } from '../base/bytes.ts';
import { crc32 } from '../base/crc32.ts';
import { refuse, type Verdict, verdictOf } from './verdict.ts';

/** The .xz file format 1.2.1: stream header and footer (§2.1), index (§4), stream padding (§2.2). */
const EDGE_BYTES = 12;
const FOOTER_MAGIC = 0x5a59;
const HEADER_MAGIC = 0x587a37fd;
/** A stream of blocks of 24 MiB needs this for 20 TB. */
const MOST_INDEX_BYTES = 16 * 2 ** 20;
const MOST_STREAMS = 10_000;
const PADDING_READ_BYTES = 64 * 1024;

/**
 * What an xz file expands to, from the indexes of its streams, read from the end. The value is undefined where an
 * index is too long to be read just for that.
 */
export async function xzExpandedBytes(bytes: Bytes): Promise<Verdict<number | undefined>> {
  let total = 0;
  let end = bytes.size;
  for (let streams = 0; end > 0 && streams < MOST_STREAMS; streams += 1) {
    const stream = await lastStream(bytes, end);
    if (!stream.ok) return stream;
    if (stream.value === undefined) return { ok: true, value: undefined };
    total += stream.value.expandedBytes;
    end = stream.value.start;
  }
  if (!Number.isSafeInteger(total)) return { ok: false, reason: 'it speaks of more than 2^53 bytes' };
  return { ok: true, value: end > 0 ? undefined : total };
}

interface Stream {
  readonly start: number;
  readonly expandedBytes: number;
}

async function lastStream(bytes: Bytes, end: number): Promise<Verdict<Stream | undefined>> {
  const footer = await bytes.read(Math.max(0, end - EDGE_BYTES), EDGE_BYTES);
  const indexBytes = indexBytesIn(footer);
  if (indexBytes === 'padding')
    return { ok: true, value: { start: await startOfPadding(bytes, end), expandedBytes: 0 } };
  if (indexBytes === undefined) return { ok: false, reason: 'no index at its end; it ends early' };
  if (indexBytes > MOST_INDEX_BYTES) return { ok: true, value: undefined };
  const at = end - EDGE_BYTES - indexBytes;
  const index = decodeIndex(await bytes.read(Math.max(0, at), indexBytes));
  if (!index.ok) return index;
  const start = at - index.value.packedBytes - EDGE_BYTES;
  const header = start < 0 ? new Uint8Array(0) : await bytes.read(start, 4);
  if (header.length < 4 || new ByteReader(header).u32le() !== HEADER_MAGIC) {
    return { ok: false, reason: 'its index speaks of other blocks than there are' };
  }
  return { ok: true, value: { start, expandedBytes: index.value.expandedBytes } };
}

/** Zeros, four by four; at the most as many as are read at once. */
async function startOfPadding(bytes: Bytes, end: number): Promise<number> {
  const from = Math.max(0, end - PADDING_READ_BYTES);
  const tail = await bytes.read(from, end - from);
  const zeros = tail.length - 1 - tail.findLastIndex((byte) => byte !== 0);
  return end - Math.floor(zeros / 4) * 4;
}

/** How long the index in front of this footer is; undefined when it is no footer. */
function indexBytesIn(footer: Uint8Array): number | 'padding' | undefined {
  if (footer.length >= 4 && footer.subarray(-4).every((byte) => byte === 0)) return 'padding';
  if (footer.length < EDGE_BYTES) return undefined;
  const reader = new ByteReader(footer);
  const sum = reader.u32le();
  const backward = reader.u32le();
  reader.skip(2);
  return reader.u16le() === FOOTER_MAGIC && crc32(footer.subarray(4, 10)) === sum ? (backward + 1) * 4 : undefined;
}

function decodeIndex(index: Uint8Array): Verdict<{ readonly packedBytes: number; readonly expandedBytes: number }> {
  return verdictOf(() => {
    const reader = new ByteReader(index);
    if (reader.u8() !== 0) refuse('no index at its end');
    const sum = new ByteReader(index, index.length - 4).u32le();
    if (crc32(index.subarray(0, -4)) !== sum) refuse('the CRC-32 of its index is another one');
    let packedBytes = 0;
    let expandedBytes = 0;
    for (let records = multibyte(reader); records > 0; records -= 1) {
      packedBytes += Math.ceil(multibyte(reader) / 4) * 4;
      expandedBytes += multibyte(reader);
    }
    return { packedBytes, expandedBytes };
  });
}

/** A multibyte integer (§1.2): seven bits a byte, least first; beyond 2^53 nothing here is that long. */
function multibyte(reader: ByteReader): number {
  let value = 0;
  for (let factor = 1; factor <= 2 ** 49; factor *= 128) {
    const byte = reader.u8();
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return value;
  }
  return refuse('its index has a number beyond 2^53');
}
