import { describe, expect, test } from 'vitest';
import { concatBytes, fromHex, memoryBytes, toHex } from '../../src/base/bytes.ts';
import {
  decodeStm32Header,
  encodeStm32HeaderV1,
  encodeStm32HeaderV2,
  type Stm32Header,
  stm32Checksum,
  stm32ChecksumOf,
} from '../../src/image/stm32-header.ts';
import { makeFsbl, makeSsbl } from './make.ts';

const PAYLOAD = fromHex('01 02 ff');
const FIELDS = { entryPoint: 0x2ffc2500, loadAddress: 0x2ffc2600, imageVersion: 7, binaryType: 0x10 };
const zeros = (length: number) => '00'.repeat(length);

/** Sum 0x102, version, length 3, entry, 0, load, 0, image version 7. */
const middle = (version: string) => `02010000 ${version} 03000000 0025fc2f 00000000 0026fc2f 00000000 07000000`;
const V1_HEX = `53544d32 ${zeros(64)} ${middle('00000100')} 01000000 01000000 ${zeros(64)} ${zeros(83)} 10`;
const v2Hex = (version: string) =>
  `53544d32 ${zeros(64)} ${middle(version)} 00000080 80010000 10000000 ${zeros(16)} 5354ffff 80010000 ${zeros(376)}`;
const V23_HEX = `53544d32 ${zeros(96)} ${middle('00030200')} 00000080 a0010000 10000000 ${zeros(16)} 5354ffff a0010000 ${zeros(408)}`;

const TABLE = [
  ['1.0', V1_HEX, 256, 1],
  ['2.0', v2Hex('00000200'), 512, 0x8000_0000],
  ['2.2', v2Hex('00020200'), 512, 0x8000_0000],
  ['2.3', V23_HEX, 576, 0x8000_0000],
] as const;

function decoded(data: Uint8Array): Stm32Header {
  const verdict = decodeStm32Header(data);
  if (!verdict.ok) throw new Error(verdict.reason);
  return verdict.value;
}

describe.each(TABLE)('STM32 header v%s', (version, hex, headerBytes, flags) => {
  test('is written byte for byte as the format says', () => {
    const header =
      version === '1.0' ? encodeStm32HeaderV1(PAYLOAD, FIELDS) : encodeStm32HeaderV2(version, PAYLOAD, FIELDS);
    expect(toHex(header)).toBe(hex.replaceAll(' ', ''));
  });

  test('is read field by field', () => {
    expect(decoded(fromHex(hex))).toEqual({
      version,
      headerBytes,
      payloadBytes: 3,
      checksum: 0x102,
      flags,
      ...FIELDS,
      signed: false,
      encrypted: false,
    });
  });

  test('is read when only its first 256 bytes are at hand', () => {
    expect(decoded(fromHex(hex).subarray(0, 256))).toEqual(decoded(fromHex(hex)));
  });

  test.each([0, 3, 4, 71, 79, 99, 111, 127])('cut after %i bytes gets a verdict', (length) => {
    const verdict = decodeStm32Header(fromHex(hex).subarray(0, length));
    expect(verdict.ok).toBe(false);
  });
});

describe('signatures', () => {
  const withFlags = (header: Uint8Array, at: number, flags: number) => {
    const copy = header.slice();
    new DataView(copy.buffer).setUint32(at, flags, true);
    return decoded(copy);
  };

  test('v1.0 is signed when its flags do not say otherwise', () => {
    expect(withFlags(encodeStm32HeaderV1(PAYLOAD), 100, 0)).toMatchObject({ signed: true, encrypted: false });
  });

  test.each([
    ['2.0', 100],
    ['2.2', 100],
    ['2.3', 132],
  ] as const)('v%s is signed with flag 0 and encrypted with flag 1', (version, at) => {
    const header = encodeStm32HeaderV2(version, PAYLOAD);
    expect(withFlags(header, at, 0x8000_0001)).toMatchObject({ signed: true, encrypted: false });
    expect(withFlags(header, at, 0x8000_0003)).toMatchObject({ signed: true, encrypted: true });
  });

  test('the bytes of a signature may look like anything', () => {
    const header = encodeStm32HeaderV2('2.3', PAYLOAD).fill(0xa5, 4, 100);
    expect(decoded(header).version).toBe('2.3');
  });
});

describe('malformed STM32 headers', () => {
  const altered = (at: number, hex: string) => {
    const header = encodeStm32HeaderV2('2.0', PAYLOAD);
    header.set(fromHex(hex), at);
    return header;
  };

  test.each([
    ['another magic', altered(3, '33'), 'no STM32 header: the first bytes are not STM2'],
    ['an unknown version', altered(72, '00010200'), 'header version 0x00020100 is not known'],
    ['extension headers beyond reason', altered(104, 'ffffffff'), 'extension headers of 4294967295 bytes'],
  ])('%s is refused with its value', (_, header, reason) => {
    expect(decodeStm32Header(header)).toEqual({ ok: false, reason });
  });
});

describe('the checksum', () => {
  test('is the sum of the bytes, modulo 2^32', () => {
    expect(stm32Checksum(fromHex('ff ff 01'))).toBe(0x1ff);
    expect(stm32Checksum(fromHex('02'), 0xffff_ffff)).toBe(1);
  });

  test.each(['mp13', 'mp15', 'mp21', 'mp23', 'mp25'] as const)(
    'of a file for %s leaves the header out',
    async (family) => {
      const file = makeFsbl({ family, payloadBytes: 3000 });
      const header = decoded(file);
      expect(await stm32ChecksumOf(memoryBytes(file), header)).toBe(header.checksum);
    },
  );

  test('leaves out what follows the payload', async () => {
    const file = makeSsbl();
    const padded = memoryBytes(concatBytes([file, fromHex('ff ff')]));
    expect(await stm32ChecksumOf(padded, decoded(file))).toBe(decoded(file).checksum);
  });

  test('is undefined for a file that ends before its payload', async () => {
    const file = makeFsbl({ family: 'mp15' });
    expect(await stm32ChecksumOf(memoryBytes(file.subarray(0, -1)), decoded(file))).toBeUndefined();
  });
});
