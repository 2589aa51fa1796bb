import type { Bytes } from '../base/bytes.ts';
import { decodeSparseHeader, hasSparseMagic } from './android-sparse.ts';
import type { ImageContent, MalformedFormat } from './facts.ts';
import { BTRFS_SUPERBLOCK, findFilesystem } from './filesystem.ts';
import { decodeFip, hasFipMagic } from './fip.ts';
import { findFwuMetadata } from './fwu-metadata.ts';
import { readGpt } from './gpt.ts';
import { hasGptSignature, SECTOR_BYTES } from './gpt-header.ts';
import { fdtBytes, findCompression, isElf, isLfsPointer, isMbr } from './magics.ts';
import { decodeStm32Header, hasStm32Magic } from './stm32-header.ts';
import { decodeUImage, hasUImageMagic } from './uimage.ts';
import type { Verdict } from './verdict.ts';

/** Enough for everything that stands at the start of a file. */
const HEAD_BYTES = 16 * 1024;

export interface IdentifyOptions {
  /** The end cannot be read without all in front of it: a backup GPT there is left unread. */
  readonly far?: boolean;
}

/**
 * Says what `bytes` are. Reads 16 KiB from the start and 128 bytes at 64 KiB; of a disk also both copies of its
 * GPT, 50 KiB in all with the usual 128 entries. Payloads are not read: the checksum of an STM32 image is
 * `unread`; `stm32ChecksumOf` sums it. Never fails because of what the bytes are.
 */
export async function identify(bytes: Bytes, { far = false }: IdentifyOptions = {}): Promise<ImageContent> {
  if (bytes.size === 0) return { kind: 'empty' };
  const head = await bytes.read(0, HEAD_BYTES);
  const bySignature = boot(head, bytes.size) ?? container(head, bytes.size);
  if (bySignature) return bySignature;
  if (hasGptSignature(head.subarray(SECTOR_BYTES))) return disk(bytes, far);
  const btrfs = await bytes.read(BTRFS_SUPERBLOCK.offset, BTRFS_SUPERBLOCK.length);
  const filesystem = findFilesystem(head, btrfs);
  if (filesystem) return filesystem;
  if (isMbr(head)) return { kind: 'mbr' };
  const metadata = findFwuMetadata(head, bytes.size);
  if (metadata) {
    const { version, crcOk, fipGuids } = metadata;
    return { kind: 'fwu-metadata', version, crcOk, fipGuids };
  }
  return { kind: 'unknown' };
}

function boot(head: Uint8Array, fileBytes: number): ImageContent | undefined {
  if (hasStm32Magic(head)) {
    return found('stm32', decodeStm32Header(head), (header) => ({ kind: 'stm32', header, checksum: 'unread' }));
  }
  if (hasFipMagic(head)) return found('fip', decodeFip(head, fileBytes), (fip) => ({ kind: 'fip', fip }));
  if (hasUImageMagic(head)) {
    return found('uimage', decodeUImage(head), ({ name, type, payloadBytes }) => ({
      kind: 'uimage',
      name,
      type,
      payloadBytes,
    }));
  }
  const sizeBytes = fdtBytes(head);
  if (sizeBytes !== undefined) return { kind: 'fdt', sizeBytes };
  return isElf(head) ? { kind: 'elf' } : undefined;
}

function container(head: Uint8Array, fileBytes: number): ImageContent | undefined {
  if (hasSparseMagic(head)) {
    return found('android-sparse', decodeSparseHeader(head), ({ expandedBytes }) => ({
      kind: 'android-sparse',
      expandedBytes,
    }));
  }
  if (isLfsPointer(head, fileBytes)) return { kind: 'lfs-pointer' };
  const compression = findCompression(head);
  return compression && { kind: compression };
}

async function disk(bytes: Bytes, far: boolean): Promise<ImageContent> {
  return found('gpt', await readGpt(bytes, far), ({ partitions, diskBytes, backup }) => {
    const end = partitions.reduce((most, { offset, sizeBytes }) => Math.max(most, offset + sizeBytes), 0);
    return { kind: 'gpt', partitions, diskBytes, complete: end <= bytes.size, backup };
  });
}

function found<T>(format: MalformedFormat, verdict: Verdict<T>, content: (value: T) => ImageContent): ImageContent {
  return verdict.ok ? content(verdict.value) : { kind: 'malformed', format, reason: verdict.reason };
}
