import { describe, expect, test } from 'vitest';
import { fromHex } from '../../src/base/bytes.ts';
import { BTRFS_SUPERBLOCK, findFilesystem } from '../../src/image/filesystem.ts';

/** 2 KiB with hex texts at offsets. */
function head(...pieces: readonly (readonly [offset: number, hex: string])[]): Uint8Array {
  const data = new Uint8Array(2048);
  for (const [offset, hex] of pieces) data.set(fromHex(hex), offset);
  return data;
}

const NOTHING = new Uint8Array(BTRFS_SUPERBLOCK.length);
const EXT = [1024 + 0x38, '53ef'] as const;
const BLOCKS_4096 = [1024 + 0x04, '00100000'] as const;
const FAT_MARK = [510, '55aa'] as const;

describe('a file system is told by its superblock', () => {
  test.each([
    ['ext2', head(EXT, BLOCKS_4096), { kind: 'ext2', sizeBytes: 4_194_304 }],
    ['ext3 by its journal', head(EXT, BLOCKS_4096, [1116, '04000000']), { kind: 'ext3', sizeBytes: 4_194_304 }],
    ['ext4 by its extents', head(EXT, BLOCKS_4096, [1120, '40000000']), { kind: 'ext4', sizeBytes: 4_194_304 }],
    ['ext4 by its checksums', head(EXT, BLOCKS_4096, [1124, '00040000']), { kind: 'ext4', sizeBytes: 4_194_304 }],
    [
      'ext4 with blocks of 4 KiB',
      head(EXT, BLOCKS_4096, [1024 + 0x18, '02000000'], [1120, '40000000']),
      { kind: 'ext4', sizeBytes: 16_777_216 },
    ],
    [
      'ext4 beyond 2^32 blocks',
      head(EXT, BLOCKS_4096, [1120, 'c0000000'], [1024 + 0x150, '01000000']),
      { kind: 'ext4', sizeBytes: (2 ** 32 + 4096) * 1024 },
    ],
    ['squashfs', head([0, '68737173'], [40, '0102000000000000']), { kind: 'squashfs', sizeBytes: 0x201 }],
    ['UBI', head([0, '55424923']), { kind: 'ubi' }],
    ['UBIFS', head([0, '31181006']), { kind: 'ubifs' }],
    [
      'FAT16 with its small count',
      head(FAT_MARK, [54, '4641543136202020'], [11, '0002'], [19, '0080']),
      { kind: 'fat', sizeBytes: 0x8000 * 512 },
    ],
    [
      'FAT32 with its large count',
      head(FAT_MARK, [82, '4641543332202020'], [11, '0010'], [32, '00000100']),
      { kind: 'fat', sizeBytes: 0x1_0000 * 4096 },
    ],
    [
      'F2FS',
      head([1024, '1020f5f2'], [1024 + 16, '0c000000'], [1024 + 36, '0001000000000000']),
      { kind: 'f2fs', sizeBytes: 256 * 4096 },
    ],
    [
      'EROFS',
      head([1024, 'e2e1f5e0'], [1024 + 12, '0c'], [1024 + 36, '03000000']),
      { kind: 'erofs', sizeBytes: 3 * 4096 },
    ],
  ])('%s', (_, data, expected) => {
    expect(findFilesystem(data, NOTHING)).toEqual(expected);
  });

  test('btrfs, which has its superblock at 64 KiB', () => {
    const superblock = new Uint8Array(BTRFS_SUPERBLOCK.length);
    superblock.set(fromHex('5f42485266535f4d'), 0x40);
    superblock.set(fromHex('0000100000000000'), 0x70);
    expect(findFilesystem(head(), superblock)).toEqual({ kind: 'btrfs', sizeBytes: 2 ** 20 });
  });
});

describe('malformed superblocks', () => {
  test.each([
    ['ext with blocks of 2^40 bytes', head(EXT, BLOCKS_4096, [1024 + 0x18, '1e000000']), { kind: 'ext2' }],
    ['squashfs beyond counting', head([0, '68737173'], [40, 'ffffffffffffffff']), { kind: 'squashfs' }],
    ['F2FS with blocks of 2^32 bytes', head([1024, '1020f5f2'], [1024 + 16, '20000000']), { kind: 'f2fs' }],
    ['EROFS with blocks of 2^255 bytes', head([1024, 'e2e1f5e0'], [1024 + 12, 'ff']), { kind: 'erofs' }],
  ])('%s has no size', (_, data, expected) => {
    expect(findFilesystem(data, NOTHING)).toEqual(expected);
  });

  test.each([
    ['zeros', head()],
    ['a boot sector without a FAT name', head(FAT_MARK)],
    ['a FAT name without a boot sector', head([54, '4641543136202020'])],
    ['ext magic cut off', head(EXT).subarray(0, 1024 + 0x39)],
    ['no bytes', new Uint8Array(0)],
  ])('%s are no file system', (_, data) => {
    expect(findFilesystem(data, new Uint8Array(0))).toBeUndefined();
  });
});
