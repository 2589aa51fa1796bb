import type { Rule } from './rule.ts';
import { binaryAbsolutePath } from './rules/binary/binary-absolute-path.ts';
import { binaryBackslash } from './rules/binary/binary-backslash.ts';
import { binaryCaseMismatch } from './rules/binary/binary-case-mismatch.ts';
import { binaryCompressed } from './rules/binary/binary-compressed.ts';
import { binaryEmpty } from './rules/binary/binary-empty.ts';
import { binaryHoldsFilesystem } from './rules/binary/binary-holds-filesystem.ts';
import { binaryLastPartitionSize } from './rules/binary/binary-last-partition-size.ts';
import { binaryLfsPointer } from './rules/binary/binary-lfs-pointer.ts';
import { binaryMissing } from './rules/binary/binary-missing.ts';
import { binaryNearFull } from './rules/binary/binary-near-full.ts';
import { binaryOutside } from './rules/binary/binary-outside.ts';
import { binaryParentEscape } from './rules/binary/binary-parent-escape.ts';
import { binaryPlaceholder } from './rules/binary/binary-placeholder.ts';
import { binarySizeNotBlock } from './rules/binary/binary-size-not-block.ts';
import { binarySpace } from './rules/binary/binary-space.ts';
import { binarySparse } from './rules/binary/binary-sparse.ts';
import { binaryTooBig } from './rules/binary/binary-too-big.ts';
import { binaryUnreadable } from './rules/binary/binary-unreadable.ts';
import { bootFileUsbVariant } from './rules/binary/boot-file-usb-variant.ts';
import { copiesDoNotFit } from './rules/binary/copies-do-not-fit.ts';
import { copiesNeedReadableHeader } from './rules/binary/copies-need-readable-header.ts';
import { emmcBootpartSize } from './rules/binary/emmc-bootpart-size.ts';
import { espWithoutFat } from './rules/binary/esp-without-fat.ts';
import { ext4BiggerThanFile } from './rules/binary/ext4-bigger-than-file.ts';
import { ext4BiggerThanPartition } from './rules/binary/ext4-bigger-than-partition.ts';
import { familyMismatch } from './rules/binary/family-mismatch.ts';
import { filesystemNoSuperblock } from './rules/binary/filesystem-no-superblock.ts';
import { fipMagic } from './rules/binary/fip-magic.ts';
import { fipTooBigForDownload } from './rules/binary/fip-too-big-for-download.ts';
import { fipWhereStm32 } from './rules/binary/fip-where-stm32.ts';
import { fsblCopiesDiffer } from './rules/binary/fsbl-copies-differ.ts';
import { fsblTooBigForSysram } from './rules/binary/fsbl-too-big-for-sysram.ts';
import { metadataCrc } from './rules/binary/metadata-crc.ts';
import { rawimageBackupGpt } from './rules/binary/rawimage-backup-gpt.ts';
import { rawimageGptNames } from './rules/binary/rawimage-gpt-names.ts';
import { rawimageNoGpt } from './rules/binary/rawimage-no-gpt.ts';
import { stm32BinaryType } from './rules/binary/stm32-binary-type.ts';
import { stm32HeaderChecksum } from './rules/binary/stm32-header-checksum.ts';
import { stm32HeaderFamily } from './rules/binary/stm32-header-family.ts';
import { stm32HeaderLength } from './rules/binary/stm32-header-length.ts';
import { stm32HeaderMissing } from './rules/binary/stm32-header-missing.ts';
import { storageFileUsbVariant } from './rules/binary/storage-file-usb-variant.ts';
import { bootImageForOtherBoard } from './rules/chain/boot-image-for-other-board.ts';
import { fipBWithoutMetadata } from './rules/chain/fip-b-without-metadata.ts';
import { fipBeyondTfaGptWindow } from './rules/chain/fip-beyond-tfa-gpt-window.ts';
import { fipMissing } from './rules/chain/fip-missing.ts';
import { fsblSingleCopy } from './rules/chain/fsbl-single-copy.ts';
import { metadataUnpaired } from './rules/chain/metadata-unpaired.ts';
import { opteeTriple } from './rules/chain/optee-triple.ts';
import { secureSignatureMixed } from './rules/chain/secure-signature-mixed.ts';
import { bootRowOrder } from './rules/id/boot-row-order.ts';
import { idBootRangeFilesystem } from './rules/id/id-boot-range-filesystem.ts';
import { idDecimal } from './rules/id/id-decimal.ts';
import { idDecimalAmbiguous } from './rules/id/id-decimal-ambiguous.ts';
import { idDuplicate } from './rules/id/id-duplicate.ts';
import { idDuplicateNone } from './rules/id/id-duplicate-none.ts';
import { idGapHexSlip } from './rules/id/id-gap-hex-slip.ts';
import { idOctal } from './rules/id/id-octal.ts';
import { idOffsetOrder } from './rules/id/id-offset-order.ts';
import { idOutOfRange } from './rules/id/id-out-of-range.ts';
import { idReservedForBoot } from './rules/id/id-reserved-for-boot.ts';
import { idSyntax } from './rules/id/id-syntax.ts';
import { idUserRangeBootloader } from './rules/id/id-user-range-bootloader.ts';
import { idZero } from './rules/id/id-zero.ts';
import { missingDdrPhase } from './rules/id/missing-ddr-phase.ts';
import { missingFsblPhase } from './rules/id/missing-fsbl-phase.ts';
import { missingSsblPhase } from './rules/id/missing-ssbl-phase.ts';
import { rowOrder } from './rules/id/row-order.ts';
import { tooManyDevices } from './rules/id/too-many-devices.ts';
import { unexpectedDdrPhase } from './rules/id/unexpected-ddr-phase.ts';
import { ipIndexForFamily } from './rules/ip/ip-index-for-family.ts';
import { ipMissingIndex } from './rules/ip/ip-missing-index.ts';
import { ipMixedBootChain } from './rules/ip/ip-mixed-boot-chain.ts';
import { ipNoneSelected } from './rules/ip/ip-none-selected.ts';
import { ipStorageOnBootRow } from './rules/ip/ip-storage-on-boot-row.ts';
import { ipTwoDigits } from './rules/ip/ip-two-digits.ts';
import { ipUnknown } from './rules/ip/ip-unknown.ts';
import { fipNameUnknown } from './rules/name/fip-name-unknown.ts';
import { fsblNameFamily } from './rules/name/fsbl-name-family.ts';
import { nameBadChar } from './rules/name/name-bad-char.ts';
import { nameCaseFsbl } from './rules/name/name-case-fsbl.ts';
import { nameDuplicate } from './rules/name/name-duplicate.ts';
import { nameTooLong } from './rules/name/name-too-long.ts';
import { rawimageUnexpectedName } from './rules/name/rawimage-unexpected-name.ts';
import { rootfsNameNoPartuuid } from './rules/name/rootfs-name-no-partuuid.ts';
import { systemNameScript } from './rules/name/system-name-script.ts';
import { emmcBootpartDuplicate } from './rules/offset/emmc-bootpart-duplicate.ts';
import { emmcBootpartOrder } from './rules/offset/emmc-bootpart-order.ts';
import { emmcFirstOffset } from './rules/offset/emmc-first-offset.ts';
import { emmcFsblInUserArea } from './rules/offset/emmc-fsbl-in-user-area.ts';
import { gptStringTooLong } from './rules/offset/gpt-string-too-long.ts';
import { mtdLastPartitionOpenEnded } from './rules/offset/mtd-last-partition-open-ended.ts';
import { offsetBelowGpt } from './rules/offset/offset-below-gpt.ts';
import { offsetBeyondDevice } from './rules/offset/offset-beyond-device.ts';
import { offsetBootpartIndex } from './rules/offset/offset-bootpart-index.ts';
import { offsetBootpartNotEmmc } from './rules/offset/offset-bootpart-not-emmc.ts';
import { offsetBootpartOnSdcard } from './rules/offset/offset-bootpart-on-sdcard.ts';
import { offsetDuplicate } from './rules/offset/offset-duplicate.ts';
import { offsetMtdFixedByTfa } from './rules/offset/offset-mtd-fixed-by-tfa.ts';
import { offsetNoPrefix } from './rules/offset/offset-no-prefix.ts';
import { offsetNone } from './rules/offset/offset-none.ts';
import { offsetNotAscending } from './rules/offset/offset-not-ascending.ts';
import { offsetRamRange } from './rules/offset/offset-ram-range.ts';
import { offsetSyntax } from './rules/offset/offset-syntax.ts';
import { offsetUnalignedEraseGroup } from './rules/offset/offset-unaligned-erase-group.ts';
import { offsetUnalignedMtd } from './rules/offset/offset-unaligned-mtd.ts';
import { offsetUnalignedSector } from './rules/offset/offset-unaligned-sector.ts';
import { offsetUnitSuffix } from './rules/offset/offset-unit-suffix.ts';
import { partitionSmallForRole } from './rules/offset/partition-small-for-role.ts';
import { rawimageDuplicate } from './rules/offset/rawimage-duplicate.ts';
import { rawimageForMtdBadBlocks } from './rules/offset/rawimage-for-mtd-bad-blocks.ts';
import { rawimageMixed } from './rules/offset/rawimage-mixed.ts';
import { rawimageOffsetIgnored } from './rules/offset/rawimage-offset-ignored.ts';
import { deleteWholeDevice } from './rules/opt/delete-whole-device.ts';
import { emptyWithBinary } from './rules/opt/empty-with-binary.ts';
import { envNotErased } from './rules/opt/env-not-erased.ts';
import { eraseOnUnreliableSd } from './rules/opt/erase-on-unreliable-sd.ts';
import { optInvalidChar } from './rules/opt/opt-invalid-char.ts';
import { optLowerCase } from './rules/opt/opt-lower-case.ts';
import { optMinusCombined } from './rules/opt/opt-minus-combined.ts';
import { optMissingP } from './rules/opt/opt-missing-p.ts';
import { optRepeatedLetter } from './rules/opt/opt-repeated-letter.ts';
import { programmedNone } from './rules/opt/programmed-none.ts';
import { unselectedRowPartialUpdate } from './rules/opt/unselected-row-partial-update.ts';
import { ellipsisRow } from './rules/row/ellipsis-row.ts';
import { extraColumn } from './rules/row/extra-column.ts';
import { indentedComment } from './rules/row/indented-comment.ts';
import { inlineComment } from './rules/row/inline-comment.ts';
import { leadingTab } from './rules/row/leading-tab.ts';
import { missingColumn } from './rules/row/missing-column.ts';
import { nonAsciiCharacter } from './rules/row/non-ascii-character.ts';
import { spaceInField } from './rules/row/space-in-field.ts';
import { spaceInName } from './rules/row/space-in-name.ts';
import { spacesInsteadOfTabs } from './rules/row/spaces-instead-of-tabs.ts';
import { trailingTab } from './rules/row/trailing-tab.ts';
import { blankLine } from './rules/text/blank-line.ts';
import { bom } from './rules/text/bom.ts';
import { crlfLineEndings } from './rules/text/crlf-line-endings.ts';
import { emptyFile } from './rules/text/empty-file.ts';
import { fileExtension } from './rules/text/file-extension.ts';
import { headerUnusual } from './rules/text/header-unusual.ts';
import { headerWithoutHash } from './rules/text/header-without-hash.ts';
import { noFinalNewline } from './rules/text/no-final-newline.ts';
import { noRows } from './rules/text/no-rows.ts';
import { nulByte } from './rules/text/nul-byte.ts';
import { tooManyRows } from './rules/text/too-many-rows.ts';
import { envTypedBinary } from './rules/type/env-typed-binary.ts';
import { fipTypedBinary } from './rules/type/fip-typed-binary.ts';
import { metadataTypedBinary } from './rules/type/metadata-typed-binary.ts';
import { nandSingleFsbl } from './rules/type/nand-single-fsbl.ts';
import { ramTypeRoles } from './rules/type/ram-type-roles.ts';
import { systemCount } from './rules/type/system-count.ts';
import { typeCase } from './rules/type/type-case.ts';
import { typeCopiesNotFsbl } from './rules/type/type-copies-not-fsbl.ts';
import { typeCopiesNotNand } from './rules/type/type-copies-not-nand.ts';
import { typeCopiesSyntax } from './rules/type/type-copies-syntax.ts';
import { typeCopiesZero } from './rules/type/type-copies-zero.ts';
import { typeNeedsUboot } from './rules/type/type-needs-uboot.ts';
import { typeUnknown } from './rules/type/type-unknown.ts';
import { ubiNotSystem } from './rules/type/ubi-not-system.ts';

/**
 * All rules, in the order in which they look: first the text, then cells, then rows beside each other, then files.
 * A rule may rely on everything that the rules before it have said nothing about; errors come before warnings
 * about the same cell, so that no warning hides an error.
 */
export const RULES: readonly Rule[] = [
  bom,
  emptyFile,
  nulByte,
  noRows,
  tooManyRows,
  headerWithoutHash,
  headerUnusual,
  crlfLineEndings,
  noFinalNewline,
  fileExtension,
  blankLine,
  indentedComment,
  ellipsisRow,
  spacesInsteadOfTabs,
  leadingTab,
  missingColumn,
  extraColumn,
  trailingTab,
  nonAsciiCharacter,
  spaceInField,
  spaceInName,
  inlineComment,
  optMinusCombined,
  optLowerCase,
  optMissingP,
  optInvalidChar,
  optRepeatedLetter,
  idZero,
  idOctal,
  idOutOfRange,
  idDecimalAmbiguous,
  idDecimal,
  idSyntax,
  typeCase,
  typeCopiesSyntax,
  typeUnknown,
  ipMissingIndex,
  ipTwoDigits,
  ipUnknown,
  offsetNone,
  offsetUnitSuffix,
  offsetBootpartIndex,
  offsetSyntax,
  offsetNoPrefix,
  nameTooLong,
  nameBadChar,
  idReservedForBoot,
  ipStorageOnBootRow,
  ipNoneSelected,
  idDuplicateNone,
  idDuplicate,
  tooManyDevices,
  missingFsblPhase,
  missingSsblPhase,
  missingDdrPhase,
  unexpectedDdrPhase,
  bootRowOrder,
  programmedNone,
  emptyWithBinary,
  unselectedRowPartialUpdate,
  deleteWholeDevice,
  eraseOnUnreliableSd,
  envNotErased,
  idBootRangeFilesystem,
  idUserRangeBootloader,
  idGapHexSlip,
  rowOrder,
  idOffsetOrder,
  typeCopiesZero,
  typeCopiesNotNand,
  typeCopiesNotFsbl,
  offsetBootpartNotEmmc,
  offsetBootpartOnSdcard,
  emmcBootpartDuplicate,
  emmcFsblInUserArea,
  offsetDuplicate,
  offsetBelowGpt,
  emmcFirstOffset,
  offsetUnalignedSector,
  offsetUnalignedEraseGroup,
  offsetUnalignedMtd,
  offsetBeyondDevice,
  rawimageOffsetIgnored,
  rawimageMixed,
  rawimageDuplicate,
  nameCaseFsbl,
  nameDuplicate,
  fipNameUnknown,
  rootfsNameNoPartuuid,
  fsblNameFamily,
  rawimageUnexpectedName,
  systemNameScript,
  fipTypedBinary,
  metadataTypedBinary,
  envTypedBinary,
  ubiNotSystem,
  nandSingleFsbl,
  systemCount,
  ramTypeRoles,
  typeNeedsUboot,
  ipIndexForFamily,
  ipMixedBootChain,
  emmcBootpartOrder,
  offsetNotAscending,
  offsetMtdFixedByTfa,
  mtdLastPartitionOpenEnded,
  rawimageForMtdBadBlocks,
  partitionSmallForRole,
  offsetRamRange,
  gptStringTooLong,
  fsblSingleCopy,
  metadataUnpaired,
  fipMissing,
  fipBWithoutMetadata,
  fipBeyondTfaGptWindow,
  opteeTriple,
  bootImageForOtherBoard,
  secureSignatureMixed,
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
  familyMismatch,
  stm32HeaderFamily,
  stm32HeaderLength,
  stm32HeaderChecksum,
  fsblTooBigForSysram,
  fipMagic,
  fipTooBigForDownload,
  binaryTooBig,
  emmcBootpartSize,
  binaryLastPartitionSize,
  metadataCrc,
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
  storageFileUsbVariant,
  binarySpace,
  binaryParentEscape,
];
