/** Small valid images, made from nothing, for every room's tests and the demo. */
import { ByteWriter } from '../../src/base/byte-writer.ts';
import { concatBytes } from '../../src/base/bytes.ts';
import { encodeFip, type FipPart } from '../../src/image/fip.ts';
import { encodeFwuMetadataV1 } from '../../src/image/fwu-metadata.ts';
import { encodeGpt } from '../../src/image/gpt.ts';
import { guidBytes } from '../../src/image/guid.ts';
import {
  encodeStm32HeaderV1,
  encodeStm32HeaderV2,
  STM32_BINARY_TYPE,
  STM32_HEADER_FAMILIES,
  type Stm32HeaderVersion,
} from '../../src/image/stm32-header.ts';
import type { Family } from '../../src/stm32/chips.ts';

const FSBL_ADDRESS = 0x2ffc_2500;
const SSBL_ADDRESS = 0xc010_0000;
const LINUX_DATA = '0fc63daf-8483-4772-8e79-3d69d8477de4';

/** Bytes without structure that differ from seed to seed, and the same at every run. */
export function makePattern(length: number, seed = 1): Uint8Array {
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

export interface FsblOptions {
  readonly family: Family;
  readonly payloadBytes?: number;
  readonly binaryType?: number;
  /** Stands in the middle of the payload. */
  readonly text?: string;
}

/** A first-stage boot loader as the family's ROM takes it: STM32 header and payload, unsigned. */
export function makeFsbl({
  family,
  payloadBytes = 4000,
  binaryType = STM32_BINARY_TYPE.TFA_BL2,
  text = '',
}: FsblOptions): Uint8Array {
  const payload = makePattern(payloadBytes);
  payload.set(new TextEncoder().encode(text), Math.floor(payloadBytes / 2));
  const fields = { binaryType, entryPoint: FSBL_ADDRESS, loadAddress: FSBL_ADDRESS };
  const version = headerVersionOf(family);
  const header =
    version === '1.0' ? encodeStm32HeaderV1(payload, fields) : encodeStm32HeaderV2(version, payload, fields);
  return concatBytes([header, payload]);
}

function headerVersionOf(family: Family): Stm32HeaderVersion {
  const versions = Object.keys(STM32_HEADER_FAMILIES) as Stm32HeaderVersion[];
  const found = versions.find((version) => (STM32_HEADER_FAMILIES[version] as readonly Family[]).includes(family));
  if (!found) throw new Error(`no header version for ${family}`);
  return found;
}

/** What a U-Boot image contains, with its version text in the middle. */
function makeUboot(payloadBytes: number, version: string): Uint8Array {
  const payload = makePattern(payloadBytes, 2);
  payload.set(new TextEncoder().encode(`U-Boot ${version} (Jan 01 2026)\0`), Math.floor(payloadBytes / 2));
  return payload;
}

/** `fip.bin` of phase 0x03: FW_CONFIG, HW_CONFIG, BL32 and a U-Boot as BL33. */
export function makeFip(parts: readonly FipPart[] = ssblParts()): Uint8Array {
  return encodeFip(parts);
}

function ssblParts(): readonly FipPart[] {
  return [
    { name: 'FW_CONFIG', data: makePattern(500, 3) },
    { name: 'HW_CONFIG', data: makePattern(700, 4) },
    { name: 'BL32', data: makePattern(900, 5) },
    { name: 'BL33', data: makeUboot(5000, '2023.10') },
  ];
}

/** `fip-ddr.bin` of phase 0x02 on STM32MP2. */
export function makeDdrFip(payloadBytes = 3000): Uint8Array {
  return encodeFip([{ name: 'DDR_FW', data: makePattern(payloadBytes, 6) }]);
}

/** `u-boot.stm32` of the older way: header v1.0 with binary type 0 around a U-Boot of `version`. */
export function makeSsbl(payloadBytes = 6000, version = '2020.01'): Uint8Array {
  const payload = makeUboot(payloadBytes, version);
  const fields = { binaryType: STM32_BINARY_TYPE.UBOOT, entryPoint: SSBL_ADDRESS, loadAddress: SSBL_ADDRESS };
  return concatBytes([encodeStm32HeaderV1(payload, fields), payload]);
}

export interface GptImageOptions {
  readonly diskBytes?: number;
  readonly partitions?: readonly {
    readonly name: string;
    readonly offset: number;
    /** Fills the partition. Its length is rounded up to whole sectors. */
    readonly data: Uint8Array;
    readonly typeGuid?: string;
    readonly bootable?: boolean;
  }[];
}

/** An SD card image: protective MBR, both GPTs and the partitions' data. */
export function makeGptImage({ diskBytes = 2 ** 20, partitions = cardPartitions() }: GptImageOptions = {}): Uint8Array {
  const image = new Uint8Array(diskBytes);
  const { primary, backup } = encodeGpt({
    diskGuid: makeGuid(0),
    diskBytes,
    partitions: partitions.map(({ name, offset, data, typeGuid = LINUX_DATA, bootable = false }, index) => ({
      name,
      typeGuid,
      uniqueGuid: makeGuid(index + 1),
      offset,
      sizeBytes: Math.ceil(data.length / 512) * 512,
      bootable,
    })),
  });
  image.set(primary, 0);
  for (const { offset, data } of partitions) image.set(data, offset);
  image.set(backup, diskBytes - backup.length);
  return image;
}

function cardPartitions() {
  return [
    { name: 'fsbl1', offset: 0x4400, data: makeFsbl({ family: 'mp15' }) },
    { name: 'fip-a', offset: 0x1_0000, data: makeFip() },
    { name: 'bootfs', offset: 0x2_0000, data: makeExt4(0x1_0000), bootable: true },
  ];
}

export function makeGuid(index: number): string {
  return `00000000-0000-4000-8000-${index.toString(16).padStart(12, '0')}`;
}

/** A file of `bytes` with an ext4 superblock that claims `claimedBytes`; otherwise a pattern. Blocks of 1 KiB. */
export function makeExt4(bytes = 0x1_0000, claimedBytes = bytes): Uint8Array {
  const image = makePattern(bytes, 7);
  image.fill(0, 0, 2048);
  const view = new DataView(image.buffer);
  view.setUint32(1024 + 0x04, claimedBytes / 1024, true);
  view.setUint16(1024 + 0x38, 0xef53, true);
  view.setUint32(1024 + 0x5c, 0x4, true); // has_journal
  view.setUint32(1024 + 0x60, 0x40, true); // extents
  return image;
}

/** FWU metadata of version 1: one image in two banks, CRC right. */
export function makeFwuMetadata(): Uint8Array {
  const guid = (index: number) => guidBytes(makeGuid(index));
  return encodeFwuMetadataV1([{ type: guid(1), location: guid(2), banks: [guid(3), guid(4)] }]);
}

/** An Android sparse image of one don't-care chunk over `blocks` blocks of 4 KiB. */
export function makeSparseHole(blocks = 16): Uint8Array {
  return new ByteWriter(40)
    .u32le(0xed26ff3a)
    .u16le(1)
    .u16le(0)
    .u16le(28)
    .u16le(12)
    .u32le(4096)
    .u32le(blocks)
    .u32le(1)
    .zeros(4)
    .u16le(0xcac3)
    .u16le(0)
    .u32le(blocks)
    .u32le(12)
    .finish();
}

/** What `git clone` leaves in place of a file that git-lfs did not fetch. */
export function makeLfsPointer(): Uint8Array {
  const oid = '0'.repeat(64);
  return new TextEncoder().encode(`version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize 123456\n`);
}
