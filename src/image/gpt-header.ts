import { ByteReader } from '../base/byte-reader.ts';
import { ByteWriter } from '../base/byte-writer.ts';
import { crc32 } from '../base/crc32.ts';
import { hexNumber } from '../base/sizes.ts';
import { guidBytes, guidText } from './guid.ts';
import { refuse, type Verdict, verdictOf } from './verdict.ts';

export const SECTOR_BYTES = 512;
export const GPT_ENTRY_BYTES = 128;
/** What U-Boot and every usual tool write. */
export const GPT_ENTRY_COUNT = 128;

const SIGNATURE = new TextEncoder().encode('EFI PART');
const REVISION = 0x0001_0000;
const HEADER_BYTES = 92;
/** Tables beyond this are damage: 1024 partitions. */
const MAX_TABLE_BYTES = 1024 * GPT_ENTRY_BYTES;

/** A GPT header, primary or backup (UEFI 2.10 §5.3.2). LBAs count 512-byte sectors. */
export interface GptHeader {
  readonly ownLba: number;
  readonly alternateLba: number;
  readonly firstUsableLba: number;
  readonly lastUsableLba: number;
  readonly diskGuid: string;
  readonly tableLba: number;
  readonly entryCount: number;
  readonly entryBytes: number;
  readonly tableCrc: number;
}

export function hasGptSignature(sector: Uint8Array): boolean {
  return SIGNATURE.every((byte, index) => sector[index] === byte);
}

/** Reads the header in one sector and checks its CRC. */
export function decodeGptHeader(sector: Uint8Array): Verdict<GptHeader> {
  return verdictOf(() => {
    if (!hasGptSignature(sector)) refuse('no GPT header: EFI PART is not there');
    const reader = new ByteReader(sector, 8);
    const revision = reader.u32le();
    if (revision !== REVISION) refuse(`GPT revision ${hexNumber(revision, 8)} is not known`);
    const headerBytes = reader.u32le();
    if (headerBytes < HEADER_BYTES || headerBytes > sector.length) refuse(`a GPT header of ${headerBytes} bytes`);
    const stored = reader.u32le();
    const summed = sector.slice(0, headerBytes).fill(0, 16, 20);
    if (crc32(summed) !== stored) {
      refuse(`the header's CRC is ${hexNumber(crc32(summed), 8)}, it says ${hexNumber(stored, 8)}`);
    }
    reader.skip(4);
    const lba = () => reader.u64le() ?? refuse('an LBA beyond 2^53');
    const header = {
      ownLba: lba(),
      alternateLba: lba(),
      firstUsableLba: lba(),
      lastUsableLba: lba(),
      diskGuid: guidText(reader.bytes(16)),
      tableLba: lba(),
      entryCount: reader.u32le(),
      entryBytes: reader.u32le(),
      tableCrc: reader.u32le(),
    };
    if (header.entryBytes < GPT_ENTRY_BYTES || header.entryBytes % 8 !== 0)
      refuse(`entries of ${header.entryBytes} bytes`);
    if (gptTableBytes(header) > MAX_TABLE_BYTES) refuse(`a table of ${gptTableBytes(header)} bytes`);
    return header;
  });
}

/** The header as the sector that holds it. RangeError when `diskGuid` is none. */
export function encodeGptHeader(header: GptHeader): Uint8Array {
  const sector = new ByteWriter(SECTOR_BYTES)
    .bytes(SIGNATURE)
    .u32le(REVISION)
    .u32le(HEADER_BYTES)
    .zeros(8)
    .u64le(header.ownLba)
    .u64le(header.alternateLba)
    .u64le(header.firstUsableLba)
    .u64le(header.lastUsableLba)
    .bytes(guidBytes(header.diskGuid))
    .u64le(header.tableLba)
    .u32le(header.entryCount)
    .u32le(header.entryBytes)
    .u32le(header.tableCrc)
    .zeros(SECTOR_BYTES - HEADER_BYTES)
    .finish();
  new DataView(sector.buffer).setUint32(16, crc32(sector.subarray(0, HEADER_BYTES)), true);
  return sector;
}

export function gptTableBytes(header: GptHeader): number {
  return header.entryCount * header.entryBytes;
}
