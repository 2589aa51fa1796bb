import { describe, expect, test } from 'vitest';
import { fromHex, memoryBytes, toHex } from '../../src/base/bytes.ts';
import { crc32 } from '../../src/base/crc32.ts';
import { encodeGpt, readGpt } from '../../src/image/gpt.ts';
import { guidBytes, guidText } from '../../src/image/guid.ts';
import { makeGptImage } from './make.ts';

const GPT = {
  diskGuid: '00112233-4455-6677-8899-aabbccddeeff',
  diskBytes: 2 ** 20,
  partitions: [
    {
      name: 'fsbl1',
      typeGuid: '8da63339-0007-60c0-c436-083ac8230908',
      uniqueGuid: '01020304-0506-0708-090a-0b0c0d0e0f10',
      offset: 0x4400,
      sizeBytes: 0x40000,
      bootable: false,
    },
    {
      name: 'bootfs',
      typeGuid: '0fc63daf-8483-4772-8e79-3d69d8477de4',
      uniqueGuid: '11020304-0506-0708-090a-0b0c0d0e0f10',
      offset: 0x44400,
      sizeBytes: 0x200,
      bootable: true,
    },
  ],
} as const;

function diskImage(): Uint8Array {
  const image = new Uint8Array(GPT.diskBytes);
  const { primary, backup } = encodeGpt(GPT);
  image.set(primary);
  image.set(backup, image.length - backup.length);
  return image;
}

const hexAt = (image: Uint8Array, offset: number, length: number) => toHex(image.subarray(offset, offset + length));

describe('a GPT', () => {
  test('starts with a protective MBR over the whole disk', () => {
    expect(hexAt(diskImage(), 446, 66)).toBe(`00000200eeffffff01000000ff070000${'00'.repeat(48)}55aa`);
  });

  test('has its header in sector 1, byte for byte', () => {
    const image = diskImage();
    const crcs = { header: hexAt(image, 512 + 16, 4), table: hexAt(image, 512 + 88, 4) };
    const expected = `4546492050415254 00000100 5c000000 ${crcs.header} 00000000
      0100000000000000 ff07000000000000 2200000000000000 de07000000000000
      33221100554477668899aabbccddeeff 0200000000000000 80000000 80000000 ${crcs.table}`;
    expect(hexAt(image, 512, 92)).toBe(expected.replace(/\s/g, ''));
    const header = image.slice(512, 604).fill(0, 16, 20);
    expect(Number.parseInt(crcs.header.match(/../g)!.reverse().join(''), 16)).toBe(crc32(header));
    expect(Number.parseInt(crcs.table.match(/../g)!.reverse().join(''), 16)).toBe(crc32(image.subarray(1024, 17408)));
  });

  test('has its entries from sector 2, byte for byte', () => {
    const name = (text: string) => toHex(Uint8Array.from(text.padEnd(36, '\0'), (c) => c.charCodeAt(0)));
    const wide = (text: string) => name(text).replace(/../g, '$&00');
    const image = diskImage();
    expect(hexAt(image, 1024, 128)).toBe(
      `3933a68d0700c060c436083ac823090804030201060508${'07'}090a0b0c0d0e0f1022000000000000002102000000000000${'00'.repeat(8)}${wide('fsbl1')}`,
    );
    expect(hexAt(image, 1152 + 32, 96)).toBe(
      `22020000000000002202000000000000${'04'}${'00'.repeat(7)}${wide('bootfs')}`,
    );
  });

  test('comes back as it was written', async () => {
    expect(await readGpt(memoryBytes(diskImage()))).toEqual({ ok: true, value: { ...GPT, backup: 'ok' } });
  });

  test('is read from its start alone, the backup being missing then', async () => {
    expect(await readGpt(memoryBytes(diskImage().subarray(0, 34 * 512)))).toMatchObject({
      value: { backup: 'missing' },
    });
  });

  test.each([
    ['its header is zeroed', GPT.diskBytes - 512, '00'.repeat(512), 'missing'],
    ['its header is damaged', GPT.diskBytes - 512 + 60, 'ff', 'wrong'],
    ['its table is damaged', GPT.diskBytes - 33 * 512, 'ff', 'wrong'],
  ])('says of the backup when %s', async (_, at, hex, backup) => {
    const image = diskImage();
    image.set(fromHex(hex), at);
    expect(await readGpt(memoryBytes(image))).toMatchObject({ ok: true, value: { backup } });
  });

  test('takes no backup of another disk for its own', async () => {
    const image = diskImage();
    const other = encodeGpt({ ...GPT, partitions: [] });
    image.set(other.backup, image.length - other.backup.length);
    expect(await readGpt(memoryBytes(image))).toMatchObject({ value: { backup: 'wrong' } });
  });

  test('turns GUIDs there and back', () => {
    expect(guidText(fromHex('00112233445566778899aabbccddeeff'))).toBe('33221100-5544-7766-8899-aabbccddeeff');
    expect(toHex(guidBytes('33221100-5544-7766-8899-AABBCCDDEEFF'))).toBe('00112233445566778899aabbccddeeff');
  });
});

describe('malformed GPTs', () => {
  /** Writes `hex` at `at` of the header and makes its CRC right again. */
  const header = (at: number, hex: string) => {
    const image = makeGptImage();
    image.set(fromHex(hex), 512 + at);
    const view = new DataView(image.buffer);
    view.setUint32(528, crc32(image.slice(512, 604).fill(0, 16, 20)), true);
    return image;
  };
  /** Writes `hex` at `at` of the table and makes both CRCs right again. */
  const table = (at: number, hex: string) => {
    const image = makeGptImage();
    image.set(fromHex(hex), 1024 + at);
    const view = new DataView(image.buffer);
    view.setUint32(600, crc32(image.subarray(1024, 17408)), true);
    view.setUint32(528, crc32(image.slice(512, 604).fill(0, 16, 20)), true);
    return image;
  };
  const broken = (at: number) => {
    const image = makeGptImage();
    image[at] = (image[at] as number) ^ 0xff;
    return image;
  };

  test.each([
    ['no signature', broken(512), /EFI PART/],
    ['another revision', header(8, '00000200'), /revision 0x00020000/],
    ['a header of 0 bytes', header(12, '00000000'), /header of 0 bytes/],
    ['a header larger than its sector', header(12, '01020000'), /header of 513 bytes/],
    ['a header with another CRC', broken(512 + 57), /the header's CRC is 0x/],
    ['a table with another CRC', broken(1024), /the table's CRC is 0x/],
    ['a table outside the file', header(72, 'ffffff0000000000'), /sector 16777215 is not in the file/],
    ['a table of gigabytes', header(80, 'ffffffff'), /a table of \d+ bytes/],
    ['entries too short', header(84, '40000000'), /entries of 64 bytes/],
    ['a table at no sector there is', header(72, 'ffffffffffffffff'), /LBA beyond/],
    ['a disk beyond counting', header(32, 'ffffffffffff1f00'), /a disk of/],
    ['a partition that ends before it starts', table(40, '2000000000000000'), /partition fsbl1 ends at sector 32/],
    ['a partition beyond counting', table(40, 'ffffffffffff0100'), /partition fsbl1 ends beyond/],
  ])('%s is refused with its value', async (_, image, reason) => {
    expect(await readGpt(memoryBytes(image))).toEqual({ ok: false, reason: expect.stringMatching(reason) });
  });

  test.each([0, 511, 512, 600, 1023, 1024, 17407])('a file cut after %i bytes gets a verdict', async (length) => {
    expect(await readGpt(memoryBytes(makeGptImage().subarray(0, length)))).toMatchObject({ ok: false });
  });
});
