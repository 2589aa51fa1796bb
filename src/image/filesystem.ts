import { ByteReader } from '../base/byte-reader.ts';
import { asciiText } from '../base/bytes.ts';
import type { FilesystemKind } from './facts.ts';

/** A file system told by its superblock; `sizeBytes` is what the file system says it occupies. */
export interface Filesystem {
  readonly kind: FilesystemKind;
  readonly sizeBytes?: number;
}

/** Where btrfs has its first superblock, and how much of it is looked at. */
export const BTRFS_SUPERBLOCK = { offset: 0x1_0000, length: 0x80 } as const;

const EXT_COMPAT_JOURNAL = 0x4;
/** Features that ext2 and ext3 do not have: extents, 64bit, flex_bg (kernel fs/ext4/ext4.h). */
const EXT4_INCOMPAT = 0x40 | 0x80 | 0x200;
/** Features that ext2 and ext3 do not have: huge_file, gdt_csum, dir_nlink, extra_isize, metadata_csum. */
const EXT4_RO_COMPAT = 0x8 | 0x10 | 0x20 | 0x40 | 0x400;
const EXT_INCOMPAT_64BIT = 0x80;

/** The file system whose superblock stands in `head`, the first 2048 bytes; `btrfs` is its superblock if read. */
export function findFilesystem(head: Uint8Array, btrfs: Uint8Array): Filesystem | undefined {
  return squashfs(head) ?? ubi(head) ?? ext(head) ?? f2fs(head) ?? erofs(head) ?? fat(head) ?? btrfsOf(btrfs);
}

function squashfs(head: Uint8Array): Filesystem | undefined {
  if (textAt(head, 0, 4) !== 'hsqs') return undefined;
  return sized('squashfs', at(head, 40, 8)?.u64le());
}

function ubi(head: Uint8Array): Filesystem | undefined {
  if (textAt(head, 0, 4) === 'UBI#') return { kind: 'ubi' };
  return at(head, 0, 4)?.u32le() === 0x0610_1831 ? { kind: 'ubifs' } : undefined;
}

function ext(head: Uint8Array): Filesystem | undefined {
  const superblock = head.subarray(1024);
  if (at(superblock, 0x38, 2)?.u16le() !== 0xef53) return undefined;
  const word = (offset: number) => at(superblock, offset, 4)?.u32le() ?? 0;
  const logBlock = word(0x18);
  const incompat = word(0x60);
  const isExt4 = (incompat & EXT4_INCOMPAT) !== 0 || (word(0x64) & EXT4_RO_COMPAT) !== 0;
  const kind = isExt4 ? 'ext4' : (word(0x5c) & EXT_COMPAT_JOURNAL) !== 0 ? 'ext3' : 'ext2';
  if (logBlock > 6) return { kind };
  const high = (incompat & EXT_INCOMPAT_64BIT) !== 0 ? word(0x150) : 0;
  return sized(kind, (high * 2 ** 32 + word(4)) * 2 ** (10 + logBlock));
}

function f2fs(head: Uint8Array): Filesystem | undefined {
  const superblock = head.subarray(1024);
  if (at(superblock, 0, 4)?.u32le() !== 0xf2f5_2010) return undefined;
  const logBlock = at(superblock, 16, 4)?.u32le() ?? 0;
  const blocks = at(superblock, 36, 8)?.u64le();
  return logBlock > 16 || blocks === undefined ? { kind: 'f2fs' } : sized('f2fs', blocks * 2 ** logBlock);
}

function erofs(head: Uint8Array): Filesystem | undefined {
  const superblock = head.subarray(1024);
  if (at(superblock, 0, 4)?.u32le() !== 0xe0f5_e1e2) return undefined;
  const logBlock = superblock[12] ?? 0;
  const blocks = at(superblock, 36, 4)?.u32le();
  return logBlock > 16 || blocks === undefined ? { kind: 'erofs' } : sized('erofs', blocks * 2 ** logBlock);
}

function fat(head: Uint8Array): Filesystem | undefined {
  if (at(head, 510, 2)?.u16be() !== 0x55aa) return undefined;
  const is16 = /^FAT1[26] {3}$/.test(textAt(head, 54, 8));
  if (!is16 && textAt(head, 82, 8) !== 'FAT32   ') return undefined;
  const sectorBytes = at(head, 11, 2)?.u16le() ?? 0;
  const sectors = at(head, 19, 2)?.u16le() || at(head, 32, 4)?.u32le() || 0;
  return sized('fat', sectors * sectorBytes);
}

function btrfsOf(superblock: Uint8Array): Filesystem | undefined {
  if (textAt(superblock, 0x40, 8) !== '_BHRfS_M') return undefined;
  return sized('btrfs', at(superblock, 0x70, 8)?.u64le());
}

function sized(kind: FilesystemKind, sizeBytes: number | undefined): Filesystem {
  return sizeBytes !== undefined && Number.isSafeInteger(sizeBytes) ? { kind, sizeBytes } : { kind };
}

/** A reader at `offset` when `length` bytes are there. */
function at(data: Uint8Array, offset: number, length: number): ByteReader | undefined {
  return offset + length <= data.length ? new ByteReader(data, offset) : undefined;
}

function textAt(data: Uint8Array, offset: number, length: number): string {
  return asciiText(data.subarray(offset, offset + length));
}
