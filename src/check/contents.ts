import type { CompressionKind, FilesystemKind, ImageContent } from '../image/facts.ts';

const FILESYSTEMS: ReadonlySet<string> = new Set<FilesystemKind>([
  'ext2',
  'ext3',
  'ext4',
  'squashfs',
  'fat',
  'ubi',
  'ubifs',
  'f2fs',
  'btrfs',
  'erofs',
]);
const COMPRESSIONS: ReadonlySet<string> = new Set<CompressionKind>(['gzip', 'xz', 'zstd', 'bzip2', 'lz4', 'zip']);

type Filesystem = Extract<ImageContent, { kind: FilesystemKind }>;
type Compressed = Extract<ImageContent, { kind: CompressionKind }>;

export function isFilesystem(content: ImageContent): content is Filesystem {
  return FILESYSTEMS.has(content.kind);
}

export function isCompressed(content: ImageContent): content is Compressed {
  return COMPRESSIONS.has(content.kind);
}

/** What is wrong whatever row it is for, and told by a rule of its own. */
export function isUnfit({ kind }: ImageContent): boolean {
  return kind === 'empty' || kind === 'lfs-pointer' || kind === 'android-sparse' || COMPRESSIONS.has(kind);
}

/** `a FIP`, `gzip data`: what a file is, for the end of a sentence. */
export function contentName(content: ImageContent): string {
  switch (content.kind) {
    case 'stm32':
      return `an STM32 image (header ${content.header.version})`;
    case 'fip':
      return 'a FIP';
    case 'gpt':
      return 'a disk image with a GPT';
    case 'mbr':
      return 'a disk image with an MBR only';
    case 'fwu-metadata':
      return 'FWU metadata';
    case 'uimage':
      return 'a U-Boot legacy image';
    case 'fdt':
      return 'a device tree or FIT image';
    case 'elf':
      return 'an ELF file';
    case 'android-sparse':
      return 'an Android sparse image';
    case 'lfs-pointer':
      return 'a Git LFS pointer';
    case 'empty':
      return 'empty';
    case 'malformed':
      return `damaged (${content.reason})`;
    case 'unknown':
      return 'of no known kind';
    default:
      return isCompressed(content) ? `${content.kind} data` : `a ${content.kind} file system`;
  }
}
