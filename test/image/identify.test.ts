import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Bytes, concatBytes, fromHex, memoryBytes } from '../../src/base/bytes.ts';
import { identify } from '../../src/image/identify.ts';
import { encodeUImage } from '../../src/image/uimage.ts';
import {
  makeDdrFip,
  makeExt4,
  makeFip,
  makeFsbl,
  makeFwuMetadata,
  makeGptImage,
  makeLfsPointer,
  makePattern,
  makeSparseHole,
  makeSsbl,
} from './make.ts';

const kindOf = async (data: Uint8Array) => (await identify(memoryBytes(data))).kind;

/** 512 bytes with the mark of a boot sector and one partition entry. */
function mbr(flag: number, type: number): Uint8Array {
  const sector = new Uint8Array(2048);
  sector.set([0x55, 0xaa], 510);
  sector[446] = flag;
  sector[450] = type;
  return sector;
}

describe('a file is told by its content', () => {
  test.each([
    ['FSBL of MP13', makeFsbl({ family: 'mp13' }), { kind: 'stm32', header: { version: '2.0', binaryType: 0x10 } }],
    ['FSBL of MP15', makeFsbl({ family: 'mp15' }), { kind: 'stm32', header: { version: '1.0', binaryType: 0x10 } }],
    ['FSBL of MP21', makeFsbl({ family: 'mp21' }), { kind: 'stm32', header: { version: '2.3', binaryType: 0x10 } }],
    ['FSBL of MP23', makeFsbl({ family: 'mp23' }), { kind: 'stm32', header: { version: '2.2', binaryType: 0x10 } }],
    ['FSBL of MP25', makeFsbl({ family: 'mp25' }), { kind: 'stm32', header: { version: '2.2', binaryType: 0x10 } }],
    ['u-boot.stm32', makeSsbl(), { kind: 'stm32', checksum: 'unread', header: { binaryType: 0 } }],
    ['FIP', makeFip(), { kind: 'fip', fip: { entries: [{ name: 'FW_CONFIG' }, {}, {}, { name: 'BL33' }] } }],
    ['DDR FIP', makeDdrFip(), { kind: 'fip', fip: { entries: [{ name: 'DDR_FW' }] } }],
    ['FWU metadata', makeFwuMetadata(), { kind: 'fwu-metadata', version: 1, crcOk: true }],
    ['ext4', makeExt4(0x10000), { kind: 'ext4', sizeBytes: 0x10000 }],
    ['Android sparse', makeSparseHole(16), { kind: 'android-sparse', expandedBytes: 0x10000 }],
    ['git-lfs pointer', makeLfsPointer(), { kind: 'lfs-pointer' }],
    ['MBR', mbr(0x80, 0x83), { kind: 'mbr' }],
    ['script', encodeUImage('go', 6, fromHex('00')), { kind: 'uimage', name: 'go', type: 6, payloadBytes: 1 }],
    ['device tree', fromHex('d00dfeed 00001234'), { kind: 'fdt', sizeBytes: 0x1234 }],
    ['ELF', fromHex('7f454c46 02'), { kind: 'elf' }],
    ['gzip', fromHex('1f8b0800'), { kind: 'gzip' }],
    ['xz', fromHex('fd377a585a00 0004'), { kind: 'xz' }],
    ['zstd', fromHex('28b52ffd 24'), { kind: 'zstd' }],
    ['bzip2', fromHex('425a6839 314159265359'), { kind: 'bzip2' }],
    ['empty bzip2', fromHex('425a6839 177245385090'), { kind: 'bzip2' }],
    ['lz4', fromHex('04224d18'), { kind: 'lz4' }],
    ['zip', fromHex('504b0304'), { kind: 'zip' }],
    ['nothing', new Uint8Array(0), { kind: 'empty' }],
    ['a pattern', makePattern(5000), { kind: 'unknown' }],
  ])('%s', async (_, data, expected) => {
    expect(await identify(memoryBytes(data))).toMatchObject(expected);
  });

  test('btrfs, whose superblock is far behind', async () => {
    const image = new Uint8Array(0x11000);
    image.set(fromHex('5f42485266535f4d'), 0x10040);
    expect(await kindOf(image)).toBe('btrfs');
  });

  test('a disk, with its partitions in order', async () => {
    expect(await identify(memoryBytes(makeGptImage()))).toMatchObject({
      kind: 'gpt',
      diskBytes: 2 ** 20,
      complete: true,
      backup: 'ok',
      partitions: [
        { name: 'fsbl1', offset: 0x4400, bootable: false },
        { name: 'fip-a', offset: 0x10000, bootable: false },
        { name: 'bootfs', offset: 0x20000, sizeBytes: 0x10000, bootable: true },
      ],
    });
  });

  test('a disk whose file ends before its last partition is not complete', async () => {
    const cut = makeGptImage().subarray(0, 0x2ffff);
    expect(await identify(memoryBytes(cut))).toMatchObject({ kind: 'gpt', complete: false, backup: 'missing' });
  });
});

describe('what only looks like something', () => {
  test.each([
    ['stm32', fromHex('53544d32')],
    ['fip', fromHex('010064aa')],
    ['uimage', fromHex('27051956')],
    ['android-sparse', fromHex('3aff26ed')],
    ['gpt', makeGptImage().fill(0xff, 600, 601)],
  ])('a damaged %s says so', async (format, data) => {
    expect(await identify(memoryBytes(data))).toEqual({
      kind: 'malformed',
      format,
      reason: expect.stringMatching(/./),
    });
  });

  test.each([
    ['a boot sector without partitions', mbr(0, 0)],
    ['a boot flag that is none', mbr(1, 0x83)],
    ['three bytes of a magic', fromHex('53544d')],
    ['bzip2 without a block', fromHex('425a6839')],
    ['a long text that starts like a git-lfs pointer', concatBytes([makeLfsPointer(), new Uint8Array(1000).fill(10)])],
    ['one zero', new Uint8Array(1)],
  ])('%s is unknown', async (_, data) => {
    expect(await kindOf(data)).toBe('unknown');
  });
});

describe('identifying', () => {
  test.each([
    ['a disk', makeGptImage({ diskBytes: 4 * 2 ** 20 })],
    ['a file system', makeExt4(4 * 2 ** 20)],
    ['an FSBL', makeFsbl({ family: 'mp15', payloadBytes: 2 ** 20 })],
    ['a pattern', makePattern(4 * 2 ** 20)],
  ])('reads at most 64 KiB of %s', async (_, data) => {
    let bytesRead = 0;
    const counted: Bytes = {
      ...memoryBytes(data),
      read: (offset, length) => {
        bytesRead += length;
        return memoryBytes(data).read(offset, length);
      },
      stream: () => {
        throw new Error('streamed');
      },
    };
    await identify(counted);
    expect(bytesRead).toBeLessThanOrEqual(64 * 1024);
  });

  const magics = [
    makeFsbl({ family: 'mp15' }),
    makeFsbl({ family: 'mp21' }),
    makeFip(),
    makeGptImage({ diskBytes: 2 ** 17, partitions: [] }),
    makeExt4(4096),
    makeFwuMetadata(),
    makeSparseHole(),
    encodeUImage('x', 6, fromHex('00')),
  ];
  const damage = fc.array(fc.tuple(fc.nat(2047), fc.integer({ min: 0, max: 255 })), { maxLength: 20 });

  test('gives a verdict on any bytes at all', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (data) => {
        expect(await kindOf(data)).toEqual(expect.any(String));
      }),
    );
  });

  test('gives a JSON-able verdict on every damaged or cut image', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...magics), damage, fc.nat(20_000), async (image, changes, length) => {
        const data = image.slice(0, length);
        for (const [at, value] of changes) if (at < data.length) data[at] = value;
        const content = await identify(memoryBytes(data));
        expect(JSON.parse(JSON.stringify(content))).toEqual(content);
      }),
      { numRuns: 500 },
    );
  });
});
