import { ByteReader } from '../base/byte-reader.ts';
import type { Bytes } from '../base/bytes.ts';
import { hexNumber } from '../base/sizes.ts';
import { refuse, type Verdict, verdictOf } from './verdict.ts';

/** `STM2`, the first four bytes (protocol.md §7.1). */
const MAGIC = Uint8Array.of(0x53, 0x54, 0x4d, 0x32);

export type Stm32HeaderVersion = '1.0' | '2.0' | '2.2' | '2.3';

/** What the payload is (TF-A plat/st common.mk; protocol.md §7.1). */
export const STM32_BINARY_TYPE = { UBOOT: 0x00, TFA_BL2: 0x10, CORTEX_M33: 0x30 } as const;

/** The families whose ROM takes a header version (TF-A platform.mk; protocol.md §7.1). */
export const STM32_HEADER_FAMILIES = {
  '1.0': ['mp15'],
  '2.0': ['mp13'],
  '2.2': ['mp23', 'mp25'],
  '2.3': ['mp21'],
} as const satisfies Record<Stm32HeaderVersion, readonly string[]>;

/** The header in front of a boot image. Sizes in bytes. */
export interface Stm32Header {
  readonly version: Stm32HeaderVersion;
  /** Where the payload starts: the header with its extension headers. */
  readonly headerBytes: number;
  readonly payloadBytes: number;
  /** Sum of all payload bytes, modulo 2^32. */
  readonly checksum: number;
  readonly entryPoint: number;
  readonly loadAddress: number;
  /** Counts against roll-back. */
  readonly imageVersion: number;
  /** option_flags (v1.0) or extension_flags (v2.x), as stored. */
  readonly flags: number;
  readonly binaryType: number;
  /** The ROM is to check a signature. */
  readonly signed: boolean;
  readonly encrypted: boolean;
}

interface HeaderLayout {
  readonly headerVersion: number;
  readonly fixedBytes: number;
  readonly extensionBytes: number;
  readonly checksum: number;
  readonly flags: number;
  /** Offset of ecdsa_algorithm (v1.0) or extension_headers_length (v2.x). */
  readonly afterFlags: number;
  readonly binaryType: number;
}

const V2 = { fixedBytes: 128, extensionBytes: 0x180, checksum: 68, flags: 100, afterFlags: 104, binaryType: 108 };

/**
 * Offsets of the fields that differ (protocol.md §7.1). From `checksum` on, header_version (+4), image_length
 * (+8), entry point (+12), load address (+20) and image version (+28) keep their distances.
 */
const LAYOUTS: Readonly<Record<Stm32HeaderVersion, HeaderLayout>> = {
  '1.0': {
    headerVersion: 0x0001_0000,
    fixedBytes: 256,
    extensionBytes: 0,
    checksum: 68,
    flags: 100,
    afterFlags: 104,
    binaryType: 255,
  },
  '2.0': { headerVersion: 0x0002_0000, ...V2 },
  '2.2': { headerVersion: 0x0002_0200, ...V2 },
  '2.3': {
    headerVersion: 0x0002_0300,
    fixedBytes: 160,
    extensionBytes: 0x1a0,
    checksum: 100,
    flags: 132,
    afterFlags: 136,
    binaryType: 140,
  },
};
const VERSIONS = Object.keys(LAYOUTS) as readonly Stm32HeaderVersion[];

const V1_NO_SIGNATURE = 1;
const V2_AUTHENTICATION = 1;
const V2_ENCRYPTION = 2;
const V2_PADDING = 0x8000_0000;
const ECDSA_P256 = 1;
/** `ST` FF FF: the extension header that only fills up. */
const PADDING_EXTENSION = 0xffff_5453;
/** No extension headers near this size exist; a length beyond it is damage. */
const MAX_EXTENSION_BYTES = 0x1000;

export function hasStm32Magic(head: Uint8Array): boolean {
  return MAGIC.every((byte, index) => head[index] === byte);
}

/** Reads the header at the start of `head`; 256 bytes are enough. Whether the payload is there is not looked at. */
export function decodeStm32Header(head: Uint8Array): Verdict<Stm32Header> {
  return verdictOf(() => {
    if (!hasStm32Magic(head)) refuse('no STM32 header: the first bytes are not STM2');
    const version = versionOf(head);
    const layout = LAYOUTS[version];
    if (head.length < layout.fixedBytes) refuse(`${head.length} bytes of a header of ${layout.fixedBytes}`);
    const at = (offset: number) => new ByteReader(head, offset).u32le();
    const isV1 = version === '1.0';
    const flags = at(layout.flags);
    const extensionBytes = isV1 ? 0 : at(layout.afterFlags);
    if (extensionBytes > MAX_EXTENSION_BYTES) refuse(`extension headers of ${extensionBytes} bytes`);
    return {
      version,
      headerBytes: layout.fixedBytes + extensionBytes,
      checksum: at(layout.checksum),
      payloadBytes: at(layout.checksum + 8),
      entryPoint: at(layout.checksum + 12),
      loadAddress: at(layout.checksum + 20),
      imageVersion: at(layout.checksum + 28),
      flags,
      binaryType: isV1 ? new ByteReader(head, layout.binaryType).u8() : at(layout.binaryType),
      signed: isV1 ? (flags & V1_NO_SIGNATURE) === 0 : (flags & V2_AUTHENTICATION) !== 0,
      encrypted: !isV1 && (flags & V2_ENCRYPTION) !== 0,
    };
  });
}

// The longer signature of v2.3 moves its version behind where the others have theirs.
function versionOf(head: Uint8Array): Stm32HeaderVersion {
  const found = VERSIONS.find((version) => {
    const { checksum, headerVersion } = LAYOUTS[version];
    return head.length >= checksum + 8 && new ByteReader(head, checksum + 4).u32le() === headerVersion;
  });
  return found ?? refuse(`header version ${hexNumber(new ByteReader(head, 72).u32le(), 8)} is not known`);
}

/** What an encoder may be told; numbers default to 0, `binaryType` too (U-Boot). */
export interface Stm32HeaderFields {
  readonly entryPoint?: number;
  readonly loadAddress?: number;
  readonly imageVersion?: number;
  readonly binaryType?: number;
}

/** The unsigned 256-byte header v1.0 that goes in front of `payload`. */
export function encodeStm32HeaderV1(payload: Uint8Array, fields: Stm32HeaderFields = {}): Uint8Array {
  const { header, view } = commonFields('1.0', payload, fields);
  view.setUint32(LAYOUTS['1.0'].flags, V1_NO_SIGNATURE, true);
  view.setUint32(LAYOUTS['1.0'].afterFlags, ECDSA_P256, true);
  view.setUint8(LAYOUTS['1.0'].binaryType, fields.binaryType ?? 0);
  return header;
}

/** The unsigned header v2.x, with its one padding extension, that goes in front of `payload`. */
export function encodeStm32HeaderV2(
  version: Exclude<Stm32HeaderVersion, '1.0'>,
  payload: Uint8Array,
  fields: Stm32HeaderFields = {},
): Uint8Array {
  const { flags, afterFlags, binaryType, fixedBytes, extensionBytes } = LAYOUTS[version];
  const { header, view } = commonFields(version, payload, fields);
  view.setUint32(flags, V2_PADDING, true);
  view.setUint32(afterFlags, extensionBytes, true);
  view.setUint32(binaryType, fields.binaryType ?? 0, true);
  view.setUint32(fixedBytes, PADDING_EXTENSION, true);
  view.setUint32(fixedBytes + 4, extensionBytes, true);
  return header;
}

function commonFields(version: Stm32HeaderVersion, payload: Uint8Array, fields: Stm32HeaderFields) {
  const { fixedBytes, extensionBytes, checksum, headerVersion } = LAYOUTS[version];
  const header = new Uint8Array(fixedBytes + extensionBytes);
  const view = new DataView(header.buffer);
  header.set(MAGIC);
  view.setUint32(checksum, stm32Checksum(payload), true);
  view.setUint32(checksum + 4, headerVersion, true);
  view.setUint32(checksum + 8, payload.length, true);
  view.setUint32(checksum + 12, fields.entryPoint ?? 0, true);
  view.setUint32(checksum + 20, fields.loadAddress ?? 0, true);
  view.setUint32(checksum + 28, fields.imageVersion ?? 0, true);
  return { header, view };
}

/** Sum of the bytes modulo 2^32; `previous` continues an earlier sum (protocol.md §7.1). */
export function stm32Checksum(payload: Uint8Array, previous = 0): number {
  let sum = previous;
  for (const byte of payload) sum = (sum + byte) >>> 0;
  return sum;
}

/** The sum over the payload that `header` announces, or undefined when the file ends before it does. */
export async function stm32ChecksumOf(bytes: Bytes, header: Stm32Header): Promise<number | undefined> {
  if (bytes.size < header.headerBytes + header.payloadBytes) return undefined;
  let sum = 0;
  for await (const piece of bytes.stream(header.headerBytes, header.payloadBytes)) sum = stm32Checksum(piece, sum);
  return sum;
}
