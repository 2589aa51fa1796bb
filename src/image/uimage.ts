import { ByteReader } from '../base/byte-reader.ts';
import { ByteWriter } from '../base/byte-writer.ts';
import { asciiText } from '../base/bytes.ts';
import { crc32 } from '../base/crc32.ts';
import { hexNumber } from '../base/sizes.ts';
import { refuse, type Verdict, verdictOf } from './verdict.ts';

/** IH_MAGIC, big-endian (protocol.md §7.4). */
const MAGIC = 0x2705_1956;
const UIMAGE_HEADER_BYTES = 64;
/** ih_type of a U-Boot script. */
export const IH_TYPE_SCRIPT = 6;
const NAME_BYTES = 32;

export interface UImage {
  readonly name: string;
  /** ih_type; 6 is a script. */
  readonly type: number;
  readonly payloadBytes: number;
  readonly payloadCrc: number;
}

export function hasUImageMagic(head: Uint8Array): boolean {
  return head.length >= 4 && new ByteReader(head).u32be() === MAGIC;
}

/** Reads the 64-byte header and checks the header's own CRC; the payload is not summed. */
export function decodeUImage(head: Uint8Array): Verdict<UImage> {
  return verdictOf(() => {
    if (!hasUImageMagic(head)) refuse('no uImage: the magic 27051956 is not there');
    const reader = new ByteReader(head.subarray(0, UIMAGE_HEADER_BYTES), 4);
    const stored = reader.u32be();
    reader.skip(4);
    const payloadBytes = reader.u32be();
    reader.skip(8);
    const payloadCrc = reader.u32be();
    reader.skip(2);
    const type = reader.u8();
    reader.skip(1);
    const name = asciiText(reader.bytes(NAME_BYTES)).replace(/\0.*$/s, '');
    const sum = crc32(head.slice(0, UIMAGE_HEADER_BYTES).fill(0, 4, 8));
    if (sum !== stored) refuse(`the header's CRC is ${hexNumber(sum, 8)}, it says ${hexNumber(stored, 8)}`);
    return { name, type, payloadBytes, payloadCrc };
  });
}

/** A whole uImage with os, arch, time and addresses 0. */
export function encodeUImage(name: string, type: number, payload: Uint8Array): Uint8Array {
  const image = new ByteWriter(UIMAGE_HEADER_BYTES + payload.length)
    .u32be(MAGIC)
    .zeros(8)
    .u32be(payload.length)
    .zeros(8)
    .u32be(crc32(payload))
    .zeros(2)
    .u8(type)
    .zeros(1)
    .text(name, NAME_BYTES)
    .bytes(payload)
    .finish();
  new DataView(image.buffer).setUint32(4, crc32(image.subarray(0, UIMAGE_HEADER_BYTES)));
  return image;
}
