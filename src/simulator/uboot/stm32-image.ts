import { ByteReader } from '../../base/byte-reader.ts';

/** The two headers that stm32prog knows. protocol.md §7.1 (U-Boot quirks). */
export interface Stm32ImageFacts {
  readonly version: 1 | 2;
  readonly headerBytes: number;
  readonly payloadBytes: number;
  readonly checksum: number;
}

const MAGIC = 0x324d_5453;
const VERSION_1 = 0x0001_0000;
const VERSION_2 = 0x0002_0000;
const HEADER_BYTES = 256;
/** Offset and length of the v1 padding that must be zero. */
const PADDING_V1 = [172, 83] as const;
const PADDING_V2 = [112, 16] as const;
export const STM32_HEADER_READ_BYTES = 512;

/**
 * What U-Boot makes of the start of an image; undefined = no header that it takes (v2.2 and v2.3 are
 * none, a FIP neither). The length of a v2.0 header comes out 128 too big, as in U-Boot.
 */
export function recognizeStm32Image(head: Uint8Array): Stm32ImageFacts | undefined {
  if (head.length < HEADER_BYTES) return undefined;
  const at = (offset: number): number => new ByteReader(head, offset).u32le();
  if (at(0) !== MAGIC || at(84) !== 0 || at(92) !== 0) return undefined;
  const version = at(72) === VERSION_1 ? 1 : at(72) === VERSION_2 ? 2 : undefined;
  if (version === undefined) return undefined;
  const [start, length] = version === 1 ? PADDING_V1 : PADDING_V2;
  if (head.subarray(start, start + length).some((byte) => byte !== 0)) return undefined;
  const headerBytes = version === 1 ? HEADER_BYTES : HEADER_BYTES + at(104);
  return { version, headerBytes, payloadBytes: at(76), checksum: at(68) };
}

/** A legacy uImage, told by its magic alone. protocol.md §7.4. */
export function isLegacyImage(head: Uint8Array): boolean {
  return head.length >= 4 && new ByteReader(head).u32be() === 0x2705_1956;
}
