import { ByteReader } from '../../base/byte-reader.ts';
import { ByteWriter } from '../../base/byte-writer.ts';
import { crc32 } from '../../base/crc32.ts';
import { guidBytes, guidText } from '../../image/guid.ts';

/** Sizes of a GPT as U-Boot writes it. UEFI 2.10 §5.3, protocol.md §7.6. */
const ENTRIES = 128;
const ENTRY_BYTES = 128;
const HEADER_BYTES = 92;
export const SECTOR = 512;
const ENTRY_SECTORS = (ENTRIES * ENTRY_BYTES) / SECTOR;
const FIRST_USABLE = 2 + ENTRY_SECTORS;
const SIGNATURE = 'EFI PART';
const REVISION = 0x0001_0000;
const LEGACY_BOOTABLE = 4;
const NAME_UNITS = 36;

/** Sectors count from 0; `last` is included. */
export interface GptEntry {
  readonly typeGuid: string;
  readonly uniqueGuid: string;
  readonly first: number;
  readonly last: number;
  readonly bootable: boolean;
  readonly name: string;
}

export interface GptSector {
  readonly sector: number;
  readonly data: Uint8Array;
}

export function lastUsableSector(sectors: number): number {
  return sectors - 34;
}
export { FIRST_USABLE as FIRST_USABLE_SECTOR };

/**
 * What `gpt write` puts on a disk of `sectors` sectors, in its order: protective MBR (over `mbr`, whose
 * boot code stays), primary header and entries, backup entries and header.
 */
export function encodeGpt(
  sectors: number,
  mbr: Uint8Array,
  diskGuid: string,
  entries: readonly GptEntry[],
): readonly GptSector[] {
  const table = new ByteWriter(ENTRIES * ENTRY_BYTES);
  for (const entry of entries) table.bytes(encodeEntry(entry));
  const array = table.zeros((ENTRIES - entries.length) * ENTRY_BYTES).finish();
  const header = (mine: number, other: number, arrayAt: number): Uint8Array =>
    encodeHeader({ mine, other, arrayAt, sectors, diskGuid, arrayCrc: crc32(array) });
  const backupArray = lastUsableSector(sectors) + 1;
  return [
    { sector: 0, data: protectiveMbr(mbr, sectors) },
    { sector: 1, data: header(1, sectors - 1, 2) },
    { sector: 2, data: array },
    { sector: backupArray, data: array },
    { sector: sectors - 1, data: header(sectors - 1, 1, backupArray) },
  ];
}

/** The entries of a valid GPT, unused ones as undefined: the primary's, else the backup's; undefined = none. */
export function decodeGpt(
  sectors: number,
  readSectors: (sector: number, count: number) => Uint8Array | undefined,
): readonly (GptEntry | undefined)[] | undefined {
  const mbr = readSectors(0, 1);
  if (!mbr || !isProtective(mbr)) return undefined;
  return decodeTable(1, sectors, readSectors) ?? decodeTable(sectors - 1, sectors, readSectors);
}

interface HeaderFields {
  readonly mine: number;
  readonly other: number;
  readonly arrayAt: number;
  readonly sectors: number;
  readonly diskGuid: string;
  readonly arrayCrc: number;
}

function encodeHeader(fields: HeaderFields): Uint8Array {
  const encode = (crc: number): Uint8Array =>
    new ByteWriter(SECTOR)
      .text(SIGNATURE, 8)
      .u32le(REVISION)
      .u32le(HEADER_BYTES)
      .u32le(crc)
      .u32le(0)
      .u64le(fields.mine)
      .u64le(fields.other)
      .u64le(FIRST_USABLE)
      .u64le(lastUsableSector(fields.sectors))
      .bytes(guidBytes(fields.diskGuid))
      .u64le(fields.arrayAt)
      .u32le(ENTRIES)
      .u32le(ENTRY_BYTES)
      .u32le(fields.arrayCrc)
      .zeros(SECTOR - HEADER_BYTES)
      .finish();
  return encode(crc32(encode(0).subarray(0, HEADER_BYTES)));
}

function encodeEntry(entry: GptEntry): Uint8Array {
  const writer = new ByteWriter(ENTRY_BYTES)
    .bytes(guidBytes(entry.typeGuid))
    .bytes(guidBytes(entry.uniqueGuid))
    .u64le(entry.first)
    .u64le(entry.last)
    .u64le(entry.bootable ? LEGACY_BOOTABLE : 0);
  for (let i = 0; i < NAME_UNITS; i += 1) writer.u16le(i < entry.name.length ? entry.name.charCodeAt(i) : 0);
  return writer.finish();
}

function protectiveMbr(old: Uint8Array, sectors: number): Uint8Array {
  const mbr = old.slice();
  const view = new DataView(mbr.buffer);
  mbr[446 + 4] = 0xee;
  view.setUint32(446 + 8, 1, true);
  view.setUint32(446 + 12, (sectors - 1) >>> 0, true);
  view.setUint16(510, 0xaa55, true);
  return mbr;
}

function isProtective(mbr: Uint8Array): boolean {
  const view = new DataView(mbr.buffer, mbr.byteOffset);
  const covers = (record: number): boolean => mbr[record + 4] === 0xee && view.getUint32(record + 8, true) === 1;
  return mbr[510] === 0x55 && mbr[511] === 0xaa && [446, 462, 478, 494].some(covers);
}

function decodeTable(
  sector: number,
  sectors: number,
  readSectors: (sector: number, count: number) => Uint8Array | undefined,
): readonly (GptEntry | undefined)[] | undefined {
  const raw = readSectors(sector, 1);
  if (!raw) return undefined;
  const reader = new ByteReader(raw, 12);
  const size = reader.u32le();
  const crc = reader.u32le();
  reader.skip(4);
  const mine = reader.u64le();
  reader.skip(8);
  const usable = [reader.u64le(), reader.u64le()];
  reader.skip(16);
  const arrayAt = reader.u64le();
  const [count, entryBytes, arrayCrc] = [reader.u32le(), reader.u32le(), reader.u32le()];
  const signature = String.fromCharCode(...raw.subarray(0, 8)) === SIGNATURE;
  if (!signature || size < HEADER_BYTES || size > SECTOR || mine !== sector || arrayAt === undefined) return undefined;
  if (usable.some((value) => value === undefined || value > sectors)) return undefined;
  const blanked = raw.slice(0, size);
  blanked.fill(0, 16, 20);
  if (crc32(blanked) !== crc || entryBytes !== ENTRY_BYTES || count > 1024) return undefined;
  const array = readSectors(arrayAt, Math.ceil((count * ENTRY_BYTES) / SECTOR))?.subarray(0, count * ENTRY_BYTES);
  if (!array || crc32(array) !== arrayCrc) return undefined;
  return Array.from({ length: count }, (_, index) =>
    decodeEntry(array.subarray(index * ENTRY_BYTES, (index + 1) * ENTRY_BYTES)),
  );
}

function decodeEntry(raw: Uint8Array): GptEntry | undefined {
  if (raw.subarray(0, 16).every((byte) => byte === 0)) return undefined;
  const reader = new ByteReader(raw);
  const typeGuid = guidText(reader.bytes(16));
  const uniqueGuid = guidText(reader.bytes(16));
  const first = reader.u64le() ?? 0;
  const last = reader.u64le() ?? 0;
  const bootable = (reader.u32le() & LEGACY_BOOTABLE) !== 0;
  reader.skip(4);
  let name = '';
  for (let i = 0; i < NAME_UNITS; i += 1) {
    const unit = reader.u16le();
    if (unit === 0) break;
    name += String.fromCharCode(unit);
  }
  return { typeGuid, uniqueGuid, first, last, bootable, name };
}
