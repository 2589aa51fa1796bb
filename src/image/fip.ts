import { ByteReader } from '../base/byte-reader.ts';
import { ByteWriter } from '../base/byte-writer.ts';
import { fromHex, toHex } from '../base/bytes.ts';
import { hexNumber } from '../base/sizes.ts';
import { FIP_NAMES } from './fip-names.ts';
import { refuse, type Verdict, verdictOf } from './verdict.ts';

/** TOC_HEADER_NAME (TF-A firmware_image_package.h; protocol.md §7.2). */
const FIP_MAGIC = 0xaa64_0001;
/** What fiptool writes as serial number; boot code only wants it not to be 0. */
const FIPTOOL_SERIAL = 0x1234_5678;
const HEADER_BYTES = 16;
const ENTRY_BYTES = 40;
/** More entries than TF-A knows images are damage. */
const MAX_ENTRIES = 128;
const NIL_UUID = '00000000-0000-0000-0000-000000000000';

/** One image in the package; `offset` from the start of the package, both in bytes. */
interface FipEntry {
  /** The 16 bytes as stored, in hex with dashes. */
  readonly uuid: string;
  /** `BL33`, `FW_CONFIG`… when the UUID is a known one. */
  readonly name?: string;
  readonly offset: number;
  readonly sizeBytes: number;
}

export interface Fip {
  readonly serial: number;
  /** Bits 32 to 47 of the header's flags. */
  readonly platformFlags: number;
  readonly entries: readonly FipEntry[];
  /** Where the last image or the table ends, or the terminator's word for it when that is larger. */
  readonly packageBytes: number;
}

export function hasFipMagic(head: Uint8Array): boolean {
  return head.length >= 4 && new ByteReader(head).u32le() === FIP_MAGIC;
}

/** Reads the table at the start of `head`, and holds every image against the `fileBytes` that are there. */
export function decodeFip(head: Uint8Array, fileBytes: number): Verdict<Fip> {
  return verdictOf(() => {
    const reader = new ByteReader(head);
    const magic = reader.u32le();
    if (magic !== FIP_MAGIC) refuse(`no FIP: ${hexNumber(magic, 8)} where 0xAA640001 should be`);
    const serial = reader.u32le();
    if (serial === 0) refuse('the serial number is 0');
    reader.skip(4);
    const platformFlags = reader.u16le();
    reader.skip(2);
    const entries: FipEntry[] = [];
    for (;;) {
      const entry = decodeEntry(reader);
      if (entry.uuid === NIL_UUID) {
        const packageBytes = packageEnd(entries, reader.offset, entry.offset, fileBytes);
        return { serial, platformFlags, entries, packageBytes };
      }
      if (entries.length === MAX_ENTRIES) refuse(`more than ${MAX_ENTRIES} entries without a terminator`);
      entries.push(entry);
    }
  });
}

function decodeEntry(reader: ByteReader): FipEntry {
  const uuid = uuidText(reader.bytes(16));
  const name = FIP_NAMES[uuid];
  const label = name ?? uuid;
  const offset = reader.u64le() ?? refuse(`${label} has an offset beyond 2^53`);
  const sizeBytes = reader.u64le() ?? refuse(`${label} has a size beyond 2^53`);
  reader.skip(8);
  return { uuid, ...(name !== undefined && { name }), offset, sizeBytes };
}

// A terminator with offset 0 says nothing of the end: boot code never reads it.
function packageEnd(entries: readonly FipEntry[], tableEnd: number, stated: number, fileBytes: number): number {
  let end = tableEnd;
  for (const entry of entries) {
    const label = entry.name ?? entry.uuid;
    if (entry.offset < tableEnd) refuse(`${label} starts at ${entry.offset}, inside the table of ${tableEnd} bytes`);
    end = Math.max(end, entry.offset + entry.sizeBytes);
    if (end > fileBytes) refuse(`${label} ends at ${end}, the file at ${fileBytes}`);
  }
  if (stated > fileBytes) refuse(`the package ends at ${stated}, the file at ${fileBytes}`);
  if (stated !== 0 && stated < end) refuse(`the package ends at ${stated}, its last image at ${end}`);
  return Math.max(end, stated);
}

/** One image to put in; `name` is one that FIP_NAMES knows. */
export interface FipPart {
  readonly name: string;
  readonly data: Uint8Array;
}

/** A package of `parts` in this order, without padding. RangeError for an unknown name. */
export function encodeFip(parts: readonly FipPart[]): Uint8Array {
  const tableEnd = HEADER_BYTES + (parts.length + 1) * ENTRY_BYTES;
  const total = parts.reduce((sum, { data }) => sum + data.length, tableEnd);
  const writer = new ByteWriter(total).u32le(FIP_MAGIC).u32le(FIPTOOL_SERIAL).zeros(8);
  let offset = tableEnd;
  for (const { name, data } of parts) {
    writer.bytes(uuidBytes(name)).u64le(offset).u64le(data.length).zeros(8);
    offset += data.length;
  }
  writer.zeros(16).u64le(total).zeros(16);
  for (const { data } of parts) writer.bytes(data);
  return writer.finish();
}

function uuidText(bytes: Uint8Array): string {
  return toHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function uuidBytes(name: string): Uint8Array {
  const uuid = Object.keys(FIP_NAMES).find((key) => FIP_NAMES[key] === name);
  if (uuid === undefined) throw new RangeError(`no FIP image is called ${name}`);
  return fromHex(uuid.replaceAll('-', ''));
}
