import type { Fip } from './fip.ts';
import type { GptBackup } from './gpt.ts';
import type { GptPartition } from './gpt-table.ts';
import type { Stm32Header } from './stm32-header.ts';

/** What the content of a file is, told by its bytes and never by its name. */
export type ImageContent =
  /** `checksum` is `unread` until somebody asked for the payload to be summed, or the file is shorter than its header says. */
  | { readonly kind: 'stm32'; readonly header: Stm32Header; readonly checksum: 'ok' | 'wrong' | 'unread' }
  | { readonly kind: 'fip'; readonly fip: Fip }
  /** A whole disk with a GPT; `partitions` in the order of the table, `complete` false if the file ends early. */
  | {
      readonly kind: 'gpt';
      readonly partitions: readonly GptPartition[];
      readonly diskBytes: number;
      readonly complete: boolean;
      readonly backup: GptBackup;
    }
  | { readonly kind: 'mbr' }
  | { readonly kind: FilesystemKind; readonly sizeBytes?: number }
  /** `fipGuids`: the partitions of its FIPs, one a bank. */
  | {
      readonly kind: 'fwu-metadata';
      readonly version: number;
      readonly crcOk: boolean;
      readonly fipGuids: readonly string[];
    }
  | { readonly kind: 'uimage'; readonly name: string; readonly type: number; readonly payloadBytes: number }
  /** A flattened device tree, or a FIT image, which is one. */
  | { readonly kind: 'fdt'; readonly sizeBytes: number }
  | { readonly kind: 'elf' }
  | { readonly kind: 'android-sparse'; readonly expandedBytes: number }
  | { readonly kind: CompressionKind }
  | { readonly kind: 'lfs-pointer' }
  | { readonly kind: 'empty' }
  /** Starts like `format` and then breaks its rules; `reason` is one line with the value. */
  | { readonly kind: 'malformed'; readonly format: MalformedFormat; readonly reason: string }
  | { readonly kind: 'unknown' };

export type FilesystemKind =
  | 'ext2'
  | 'ext3'
  | 'ext4'
  | 'squashfs'
  | 'fat'
  | 'ubi'
  | 'ubifs'
  | 'f2fs'
  | 'btrfs'
  | 'erofs';

export type CompressionKind = 'gzip' | 'xz' | 'zstd' | 'bzip2' | 'lz4' | 'zip';

export type MalformedFormat = 'stm32' | 'fip' | 'gpt' | 'uimage' | 'android-sparse';

/** What is sent of a file that is not sent as it is. */
export interface ExpandedImage {
  /** What was expanded, from the file on: `gzip`, `tar`, `android-sparse`. */
  readonly steps: readonly string[];
  readonly sizeBytes: number;
  readonly sizeIsLeast?: true;
  readonly content: ImageContent;
  /** Bytes that mean something; missing when all do. */
  readonly mappedBytes?: number;
}

/** Everything that `check` and `inspect` know about one file. */
export interface ImageFacts {
  /** Where it was found, as opened. */
  readonly path: string;
  /** What stands on the disk. */
  readonly sizeBytes: number;
  readonly content: ImageContent;
  /** When the file is compressed, sparse or an archive that `path` names a member of, and somebody asked. */
  readonly expanded?: ExpandedImage;
  /** There is more than `sizeBytes`: reading ended at a limit. */
  readonly sizeIsLeast?: true;
  /** `2023.10` when the text `U-Boot 2023.10` stands in the file and somebody asked for it. */
  readonly ubootVersion?: string;
  /** What the text of a TF-A says about loading over USB, where it says anything and somebody asked for it. */
  readonly usbLoader?: 'there' | 'absent';
}
