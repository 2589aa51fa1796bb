import { describe, expect, test } from 'vitest';
import { concatBytes, fromHex, toHex } from '../../src/base/bytes.ts';
import { crc32 } from '../../src/base/crc32.ts';
import { encodeFwuMetadataV1, findFwuMetadata } from '../../src/image/fwu-metadata.ts';
import { guidBytes } from '../../src/image/guid.ts';
import { makeFwuMetadata, makeGuid } from './make.ts';

/** Metadata whose first word is the CRC of `rest`. */
function withCrc(rest: string): Uint8Array {
  const body = fromHex(rest);
  const crc = new Uint8Array(4);
  new DataView(crc.buffer).setUint32(0, crc32(body), true);
  return concatBytes([crc, body]);
}

const V2_REST = `02000000 01000000 00000000 78000000 2000 0000 fcfeffff 00000000 ${'00'.repeat(88)}`;

describe('FWU metadata', () => {
  test('of version 1 is written byte for byte as the format says', () => {
    const guid = (byte: string) => fromHex(byte.repeat(16));
    const data = encodeFwuMetadataV1([{ type: guid('11'), location: guid('22'), banks: [guid('33'), guid('44')] }]);
    const rest = `01000000 00000000 00000000 ${'11'.repeat(16)} ${'22'.repeat(16)}
      ${'33'.repeat(16)} 01000000 00000000 ${'44'.repeat(16)} 01000000 00000000`;
    expect(toHex(data)).toBe(toHex(withCrc(rest)));
  });

  test('of version 1 is read, also with padding behind it', () => {
    const data = makeFwuMetadata();
    const padded = concatBytes([data, new Uint8Array(4096).fill(0xff)]);
    const expected = { version: 1, activeIndex: 0, previousActiveIndex: 0, crcOk: true, fipGuids: [] };
    expect(findFwuMetadata(data, data.length)).toEqual(expected);
    expect(findFwuMetadata(padded, padded.length)).toEqual(expected);
  });

  test('of version 2 is read', () => {
    const data = withCrc(V2_REST);
    expect(findFwuMetadata(data, data.length)).toEqual({
      version: 2,
      activeIndex: 1,
      previousActiveIndex: 0,
      crcOk: true,
      fipGuids: [],
    });
  });

  const FIP_TYPE = guidBytes('19d5df83-11b0-457b-be2c-7559c13142a5');
  const [BANK_A, BANK_B] = [makeGuid(3), makeGuid(4)];

  test('of version 1 names the partitions of its FIPs, one a bank', () => {
    const banks = [guidBytes(BANK_A), guidBytes(BANK_B)];
    const other = { type: guidBytes(makeGuid(1)), location: guidBytes(makeGuid(2)), banks };
    const data = encodeFwuMetadataV1([other, { ...other, type: FIP_TYPE }]);
    expect(findFwuMetadata(data, data.length)?.fipGuids).toEqual([BANK_A, BANK_B]);
  });

  /** Version 2 with a store descriptor at 0x20 that says how many banks and images follow. */
  const withEntries = (descriptor: string) => {
    const bank = (guid: string) => `${toHex(guidBytes(guid))} 01000000 00000000`;
    const entries = `${toHex(FIP_TYPE)} ${'22'.repeat(16)} ${bank(BANK_A)} ${bank(BANK_B)}`;
    return withCrc(`02000000 01000000 00000000 78000000 2000 0000 fcfeffff 00000000 ${descriptor} ${entries}`);
  };

  test('of version 2 names them too', () => {
    const data = withEntries('02 00 0100 5000 1800');
    expect(data.length).toBe(0x78);
    expect(findFwuMetadata(data, data.length)?.fipGuids).toEqual([BANK_A, BANK_B]);
  });

  test.each([
    ['more images than there are', '02 00 0200 5000 1800'],
    ['more banks than an entry holds', '03 00 0100 5000 1800'],
    ['entries without length', '02 00 ffff 0000 1800'],
  ])('of version 2 that speaks of %s names none', (_what, descriptor) => {
    const data = withEntries(descriptor);
    expect(findFwuMetadata(data, data.length)).toMatchObject({ crcOk: true, fipGuids: [] });
  });

  test('of version 2 may leave its size 0', () => {
    const data = withCrc(V2_REST.replace('78000000', '00000000'));
    expect(findFwuMetadata(data, data.length)).toMatchObject({ version: 2, crcOk: true });
  });

  test.each([
    ['1', makeFwuMetadata()],
    ['2', withCrc(V2_REST)],
  ])('of version %s with one bit wrong is metadata with a wrong CRC', (_, data) => {
    const broken = data.slice();
    broken[0] = (broken[0] as number) ^ 1;
    expect(findFwuMetadata(broken, broken.length)).toMatchObject({ crcOk: false });
  });
});

describe('what is no FWU metadata', () => {
  test.each([
    ['no bytes', new Uint8Array(0)],
    ['zeros', new Uint8Array(120)],
    ['version 3', withCrc(V2_REST.replace('02000000', '03000000'))],
    ['a fifth bank active', withCrc(V2_REST.replace('01000000', '04000000'))],
    ['version 2 cut off', withCrc(V2_REST).subarray(0, 31)],
    ['version 2 larger than the file', withCrc(V2_REST).subarray(0, 119)],
    ['version 1 without an image', withCrc('01000000 00000000 00000000')],
    ['a large file that only starts like it', concatBytes([fromHex('00'.repeat(4) + V2_REST), new Uint8Array(8000)])],
  ])('%s', (_, data) => {
    expect(findFwuMetadata(data, data.length)).toBeUndefined();
  });
});
