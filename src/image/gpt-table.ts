import { ByteReader } from '../base/byte-reader.ts';
import { crc32 } from '../base/crc32.ts';
import { hexNumber } from '../base/sizes.ts';
import { GPT_ENTRY_BYTES, GPT_ENTRY_COUNT, type GptHeader, SECTOR_BYTES } from './gpt-header.ts';
import { guidBytes, guidText } from './guid.ts';
import { refuse, type Verdict, verdictOf } from './verdict.ts';

const NAME_UNITS = 36;
/** Attribute bit 2: legacy BIOS bootable; U-Boot sets it for rows of type System (protocol.md §7.6). */
const BOOTABLE = 4;

/** One used entry; `offset` and `sizeBytes` in bytes. */
export interface GptPartition {
  readonly name: string;
  readonly typeGuid: string;
  readonly uniqueGuid: string;
  readonly offset: number;
  readonly sizeBytes: number;
  readonly bootable: boolean;
}

/** Reads the entries that `header` describes, unused ones left out, and checks their CRC. */
export function decodeGptTable(table: Uint8Array, header: GptHeader): Verdict<readonly GptPartition[]> {
  return verdictOf(() => {
    const expected = header.entryCount * header.entryBytes;
    if (table.length !== expected) refuse(`the table has ${table.length} of ${expected} bytes`);
    const sum = crc32(table);
    if (sum !== header.tableCrc) {
      refuse(`the table's CRC is ${hexNumber(sum, 8)}, the header says ${hexNumber(header.tableCrc, 8)}`);
    }
    const partitions: GptPartition[] = [];
    for (let at = 0; at < table.length; at += header.entryBytes) {
      const entry = table.subarray(at, at + GPT_ENTRY_BYTES);
      if (entry.subarray(0, 16).some((byte) => byte !== 0)) partitions.push(decodeEntry(entry));
    }
    return partitions;
  });
}

function decodeEntry(entry: Uint8Array): GptPartition {
  const reader = new ByteReader(entry);
  const typeGuid = guidText(reader.bytes(16));
  const uniqueGuid = guidText(reader.bytes(16));
  const first = reader.u64le() ?? refuse('a partition that starts beyond 2^53');
  const last = reader.u64le() ?? refuse('a partition that ends beyond 2^53');
  const bootable = (reader.u8() & BOOTABLE) !== 0;
  reader.skip(7);
  const name = decodeName(reader);
  const sizeBytes = (last - first + 1) * SECTOR_BYTES;
  if (sizeBytes < 0) refuse(`partition ${name} ends at sector ${last} before it starts at ${first}`);
  if (!Number.isSafeInteger((last + 1) * SECTOR_BYTES)) refuse(`partition ${name} ends beyond 2^53 bytes`);
  return { name, typeGuid, uniqueGuid, offset: first * SECTOR_BYTES, sizeBytes, bootable };
}

function decodeName(reader: ByteReader): string {
  let name = '';
  for (let i = 0; i < NAME_UNITS; i += 1) {
    const unit = reader.u16le();
    if (unit === 0) break;
    name += String.fromCharCode(unit);
  }
  return name.replace(/\p{Surrogate}/gu, '\uFFFD');
}

/** A table of 128 entries. RangeError for more partitions than that, or what is no GUID. */
export function encodeGptTable(partitions: readonly GptPartition[]): Uint8Array {
  if (partitions.length > GPT_ENTRY_COUNT) throw new RangeError(`${partitions.length} partitions`);
  const table = new Uint8Array(GPT_ENTRY_COUNT * GPT_ENTRY_BYTES);
  const view = new DataView(table.buffer);
  partitions.forEach((partition, index) => {
    const at = index * GPT_ENTRY_BYTES;
    const first = partition.offset / SECTOR_BYTES;
    table.set(guidBytes(partition.typeGuid), at);
    table.set(guidBytes(partition.uniqueGuid), at + 16);
    view.setBigUint64(at + 32, BigInt(first), true);
    view.setBigUint64(at + 40, BigInt(first + partition.sizeBytes / SECTOR_BYTES - 1), true);
    if (partition.bootable) table[at + 48] = BOOTABLE;
    for (let unit = 0; unit < Math.min(partition.name.length, NAME_UNITS); unit += 1) {
      view.setUint16(at + 56 + 2 * unit, partition.name.charCodeAt(unit), true);
    }
  });
  return table;
}
