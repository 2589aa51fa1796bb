import { ByteReader } from '../base/byte-reader.ts';
import { crc32 } from '../base/crc32.ts';
import { guidText } from './guid.ts';

/** Firmware update metadata (PSA FWU; U-Boot include/fwu_mdata.h; protocol.md §7.3). */
export interface FwuMetadata {
  readonly version: number;
  readonly activeIndex: number;
  readonly previousActiveIndex: number;
  readonly crcOk: boolean;
  /** The FIPs of the banks, by the GUIDs of their partitions; none where the CRC is wrong. */
  readonly fipGuids: readonly string[];
}

const HEADER_BYTES = 16;
/** Bytes of an image entry without its banks, and of each bank. */
const IMAGE_BYTES = 32;
const BANK_BYTES = 24;
/** Bytes of version 2's store descriptor in front of its entries. */
const STORE_BYTES = 8;
const GUID_BYTES = 16;
/** GPT type of a FIP partition (protocol.md §5.4). */
const FIP_TYPE = '19d5df83-11b0-457b-be2c-7559c13142a5';
/** U-Boot has room for four banks. */
const MAX_BANKS = 4;
/** Version 1 does not say its length: it is looked for up to so many images. */
const V1_MAX_IMAGES = 16;
/** With a wrong CRC only files as small as the tools make them are taken for metadata: there is no magic. */
const MAX_DOUBTFUL_BYTES = 4096;

/** Reads metadata from the start of a file; undefined when it is none. A wrong CRC is told, as far as it can be. */
export function findFwuMetadata(head: Uint8Array, fileBytes: number): FwuMetadata | undefined {
  if (head.length < HEADER_BYTES) return undefined;
  const reader = new ByteReader(head);
  const stored = reader.u32le();
  const version = reader.u32le();
  if (version !== 1 && version !== 2) return undefined;
  const activeIndex = reader.u32le();
  const previousActiveIndex = reader.u32le();
  if (activeIndex >= MAX_BANKS || previousActiveIndex >= MAX_BANKS) return undefined;
  const lengths = version === 1 ? lengthsV1(fileBytes) : lengthsV2(head, fileBytes);
  const length = lengths.find((candidate) => candidate <= head.length && crc32(head.subarray(4, candidate)) === stored);
  if (length === undefined && (lengths.length === 0 || fileBytes > MAX_DOUBTFUL_BYTES)) return undefined;
  const fipGuids = length === undefined ? [] : fipGuidsIn(head.subarray(0, length), version);
  return { version, activeIndex, previousActiveIndex, crcOk: length !== undefined, fipGuids };
}

/** Where the image entries lie, and how they are cut. */
interface Entries {
  readonly start: number;
  readonly count: number;
  readonly banks: number;
  readonly entryBytes: number;
}

function fipGuidsIn(data: Uint8Array, version: number): readonly string[] {
  const { start, count, banks, entryBytes } = version === 1 ? entriesV1(data) : entriesV2(data);
  if (entryBytes < IMAGE_BYTES + banks * BANK_BYTES || start + count * entryBytes > data.length) return [];
  return Array.from({ length: count }, (_, index) => start + index * entryBytes)
    .filter((at) => guidText(data.subarray(at, at + GUID_BYTES)) === FIP_TYPE)
    .flatMap((at) => Array.from({ length: banks }, (_, bank) => at + IMAGE_BYTES + bank * BANK_BYTES))
    .map((at) => guidText(data.subarray(at, at + GUID_BYTES)));
}

/** Version 1 says neither how many banks nor how many images; ST's have two banks. */
function entriesV1(data: Uint8Array): Entries {
  const entryBytes = IMAGE_BYTES + 2 * BANK_BYTES;
  const rest = data.length - HEADER_BYTES;
  return { start: HEADER_BYTES, count: rest % entryBytes === 0 ? rest / entryBytes : 0, banks: 2, entryBytes };
}

function entriesV2(data: Uint8Array): Entries {
  const none = { start: 0, count: 0, banks: 0, entryBytes: 0 };
  const descriptor = new ByteReader(data, 20).u16le();
  if (descriptor + STORE_BYTES > data.length) return none;
  const reader = new ByteReader(data, descriptor);
  const banks = reader.u8();
  reader.u8();
  const count = reader.u16le();
  return { start: descriptor + STORE_BYTES, count, banks, entryBytes: reader.u16le() };
}

function lengthsV1(fileBytes: number): readonly number[] {
  const lengths = new Set<number>();
  for (let banks = 1; banks <= MAX_BANKS; banks += 1) {
    for (let images = 1; images <= V1_MAX_IMAGES; images += 1) {
      const length = HEADER_BYTES + images * (IMAGE_BYTES + banks * BANK_BYTES);
      if (length <= fileBytes) lengths.add(length);
    }
  }
  return [...lengths];
}

// metadata_size may be left 0; the file is then the metadata.
function lengthsV2(head: Uint8Array, fileBytes: number): readonly number[] {
  if (head.length < 32) return [];
  const stated = new ByteReader(head, 16).u32le();
  if (stated === 0) return [fileBytes];
  return stated >= 32 && stated <= fileBytes ? [stated] : [];
}

/** One image of version 1, by GUIDs as stored; `banks` are the image GUIDs, all accepted. */
export interface FwuImageV1 {
  readonly type: Uint8Array;
  readonly location: Uint8Array;
  readonly banks: readonly Uint8Array[];
}

/** Metadata of version 1 with bank 0 active. */
export function encodeFwuMetadataV1(images: readonly FwuImageV1[]): Uint8Array {
  const length = images.reduce((sum, { banks }) => sum + IMAGE_BYTES + banks.length * BANK_BYTES, HEADER_BYTES);
  const data = new Uint8Array(length);
  const view = new DataView(data.buffer);
  view.setUint32(4, 1, true);
  let at = HEADER_BYTES;
  for (const { type, location, banks } of images) {
    data.set(type, at);
    data.set(location, at + 16);
    at += IMAGE_BYTES;
    for (const bank of banks) {
      data.set(bank, at);
      view.setUint32(at + 16, 1, true);
      at += BANK_BYTES;
    }
  }
  view.setUint32(0, crc32(data.subarray(4)), true);
  return data;
}
