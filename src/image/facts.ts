import type { Fip } from './fip.ts';
import type { Stm32Header } from './stm32-header.ts';

/** What the content of a file is, told by its bytes and never by its name. */
export type ImageContent =
  /** `checksum` is `unread` until somebody asked for the payload to be summed. */
  | { readonly kind: 'stm32'; readonly header: Stm32Header; readonly checksum: 'ok' | 'wrong' | 'unread' }
  | { readonly kind: 'fip'; readonly fip: Fip }
  /** A whole disk with a GPT; `partitions` in the order of the table, `complete` false if the file ends early. */
  | { readonly kind: 'gpt'; readonly partitions: readonly GptPartitionFacts[]; readonly diskBytes: number }
  | { readonly kind: 'mbr' }
  | { readonly kind: 'ext4' | 'squashfs' | 'fat' | 'ubi' | 'f2fs' | 'btrfs' | 'erofs'; readonly sizeBytes?: number }
  | { readonly kind: 'fwu-metadata'; readonly version: number; readonly crcOk: boolean }
  | { readonly kind: 'uimage'; readonly name: string; readonly type: number }
  | { readonly kind: 'elf' }
  | { readonly kind: 'android-sparse'; readonly expandedBytes: number }
  | { readonly kind: 'gzip' | 'xz' | 'zstd' | 'bzip2' | 'lz4' | 'zip' }
  | { readonly kind: 'lfs-pointer' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'unknown' };

export interface GptPartitionFacts {
  readonly name: string;
  readonly typeGuid: string;
  readonly uniqueGuid: string;
  readonly offset: number;
  readonly sizeBytes: number;
}

/** Everything that `check` and `inspect` know about one file. */
export interface ImageFacts {
  /** Where it was found, as opened. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly content: ImageContent;
  /** `2023.10` when the text `U-Boot 2023.10` stands in the file and somebody asked for it. */
  readonly ubootVersion?: string;
}
