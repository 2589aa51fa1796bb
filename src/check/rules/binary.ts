import type { Rule } from '../rule.ts';
import { binaryAbsolutePath } from './binary/binary-absolute-path.ts';
import { binaryBackslash } from './binary/binary-backslash.ts';
import { binaryCaseMismatch } from './binary/binary-case-mismatch.ts';
import { binaryCompressed } from './binary/binary-compressed.ts';
import { binaryEmpty } from './binary/binary-empty.ts';
import { binaryHoldsFilesystem } from './binary/binary-holds-filesystem.ts';
import { binaryLastPartitionSize } from './binary/binary-last-partition-size.ts';
import { binaryLfsPointer } from './binary/binary-lfs-pointer.ts';
import { binaryMissing } from './binary/binary-missing.ts';
import { binaryNearFull } from './binary/binary-near-full.ts';
import { binaryOutside } from './binary/binary-outside.ts';
import { binaryParentEscape } from './binary/binary-parent-escape.ts';
import { binaryPlaceholder } from './binary/binary-placeholder.ts';
import { binarySizeNotBlock } from './binary/binary-size-not-block.ts';
import { binarySpace } from './binary/binary-space.ts';
import { binarySparse } from './binary/binary-sparse.ts';
import { binaryTooBig } from './binary/binary-too-big.ts';
import { binaryUnreadable } from './binary/binary-unreadable.ts';
import { bootFileUsbVariant } from './binary/boot-file-usb-variant.ts';
import { bootImageForOtherBoard } from './binary/boot-image-for-other-board.ts';
import { copiesDoNotFit } from './binary/copies-do-not-fit.ts';
import { copiesNeedReadableHeader } from './binary/copies-need-readable-header.ts';
import { emmcBootpartSize } from './binary/emmc-bootpart-size.ts';
import { espWithoutFat } from './binary/esp-without-fat.ts';
import { ext4BiggerThanFile } from './binary/ext4-bigger-than-file.ts';
import { ext4BiggerThanPartition } from './binary/ext4-bigger-than-partition.ts';
import { familyMismatch } from './binary/family-mismatch.ts';
import { filesystemNoSuperblock } from './binary/filesystem-no-superblock.ts';
import { fipMagic } from './binary/fip-magic.ts';
import { fipTooBigForDownload } from './binary/fip-too-big-for-download.ts';
import { fipWhereStm32 } from './binary/fip-where-stm32.ts';
import { fsblCopiesDiffer } from './binary/fsbl-copies-differ.ts';
import { fsblTooBigForSysram } from './binary/fsbl-too-big-for-sysram.ts';
import { fsblWithoutUsbLoader } from './binary/fsbl-without-usb-loader.ts';
import { metadataCrc } from './binary/metadata-crc.ts';
import { metadataUuidVsFip } from './binary/metadata-uuid-vs-fip.ts';
import { rawimageBackupGpt } from './binary/rawimage-backup-gpt.ts';
import { rawimageGptNames } from './binary/rawimage-gpt-names.ts';
import { rawimageNoGpt } from './binary/rawimage-no-gpt.ts';
import { stm32BinaryType } from './binary/stm32-binary-type.ts';
import { stm32HeaderChecksum } from './binary/stm32-header-checksum.ts';
import { stm32HeaderFamily } from './binary/stm32-header-family.ts';
import { stm32HeaderLength } from './binary/stm32-header-length.ts';
import { stm32HeaderMissing } from './binary/stm32-header-missing.ts';
import { storageFileUsbVariant } from './binary/storage-file-usb-variant.ts';

/** Rules about files: errors first, so that no warning about the same file hides one. */
export const BINARY_RULES: readonly Rule[] = [
  binaryPlaceholder,
  binaryBackslash,
  binaryAbsolutePath,
  binaryCaseMismatch,
  binaryMissing,
  binaryUnreadable,
  binaryOutside,
  binaryEmpty,
  binaryLfsPointer,
  binaryCompressed,
  binarySparse,
  fipWhereStm32,
  stm32HeaderMissing,
  stm32HeaderFamily,
  familyMismatch,
  stm32HeaderLength,
  stm32HeaderChecksum,
  fsblTooBigForSysram,
  fipMagic,
  fipTooBigForDownload,
  binaryTooBig,
  emmcBootpartSize,
  binaryLastPartitionSize,
  metadataCrc,
  metadataUuidVsFip,
  copiesDoNotFit,
  ext4BiggerThanFile,
  ext4BiggerThanPartition,
  fsblCopiesDiffer,
  copiesNeedReadableHeader,
  stm32BinaryType,
  filesystemNoSuperblock,
  espWithoutFat,
  binaryHoldsFilesystem,
  rawimageNoGpt,
  rawimageGptNames,
  rawimageBackupGpt,
  binaryNearFull,
  binarySizeNotBlock,
  bootFileUsbVariant,
  fsblWithoutUsbLoader,
  storageFileUsbVariant,
  bootImageForOtherBoard,
  binarySpace,
  binaryParentEscape,
];
