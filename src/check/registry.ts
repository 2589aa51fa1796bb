import type { Rule } from './rule.ts';
import { binaryAbsolutePath } from './rules/binary/binary-absolute-path.ts';
import { binaryBackslash } from './rules/binary/binary-backslash.ts';
import { binaryCaseMismatch } from './rules/binary/binary-case-mismatch.ts';
import { binaryCompressed } from './rules/binary/binary-compressed.ts';
import { binaryEmpty } from './rules/binary/binary-empty.ts';
import { binaryLastPartitionSize } from './rules/binary/binary-last-partition-size.ts';
import { binaryLfsPointer } from './rules/binary/binary-lfs-pointer.ts';
import { binaryMissing } from './rules/binary/binary-missing.ts';
import { binaryOutside } from './rules/binary/binary-outside.ts';
import { binaryPlaceholder } from './rules/binary/binary-placeholder.ts';
import { binarySparse } from './rules/binary/binary-sparse.ts';
import { binaryTooBig } from './rules/binary/binary-too-big.ts';
import { binaryUnreadable } from './rules/binary/binary-unreadable.ts';
import { emmcBootpartSize } from './rules/binary/emmc-bootpart-size.ts';
import { familyMismatch } from './rules/binary/family-mismatch.ts';
import { fipMagic } from './rules/binary/fip-magic.ts';
import { fipTooBigForDownload } from './rules/binary/fip-too-big-for-download.ts';
import { fipWhereStm32 } from './rules/binary/fip-where-stm32.ts';
import { fsblTooBigForSysram } from './rules/binary/fsbl-too-big-for-sysram.ts';
import { stm32HeaderChecksum } from './rules/binary/stm32-header-checksum.ts';
import { stm32HeaderFamily } from './rules/binary/stm32-header-family.ts';
import { stm32HeaderLength } from './rules/binary/stm32-header-length.ts';
import { stm32HeaderMissing } from './rules/binary/stm32-header-missing.ts';
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
import { ipMissingIndex } from './rules/ip/ip-missing-index.ts';
import { ipNoneSelected } from './rules/ip/ip-none-selected.ts';
import { ipStorageOnBootRow } from './rules/ip/ip-storage-on-boot-row.ts';
import { ipTwoDigits } from './rules/ip/ip-two-digits.ts';
import { ipUnknown } from './rules/ip/ip-unknown.ts';
import { nameBadChar } from './rules/name/name-bad-char.ts';
import { nameTooLong } from './rules/name/name-too-long.ts';
import { emmcBootpartDuplicate } from './rules/offset/emmc-bootpart-duplicate.ts';
import { emmcFirstOffset } from './rules/offset/emmc-first-offset.ts';
import { emmcFsblInUserArea } from './rules/offset/emmc-fsbl-in-user-area.ts';
import { offsetBelowGpt } from './rules/offset/offset-below-gpt.ts';
import { offsetBeyondDevice } from './rules/offset/offset-beyond-device.ts';
import { offsetBootpartIndex } from './rules/offset/offset-bootpart-index.ts';
import { offsetBootpartNotEmmc } from './rules/offset/offset-bootpart-not-emmc.ts';
import { offsetBootpartOnSdcard } from './rules/offset/offset-bootpart-on-sdcard.ts';
import { offsetDuplicate } from './rules/offset/offset-duplicate.ts';
import { offsetNoPrefix } from './rules/offset/offset-no-prefix.ts';
import { offsetNone } from './rules/offset/offset-none.ts';
import { offsetSyntax } from './rules/offset/offset-syntax.ts';
import { offsetUnalignedEraseGroup } from './rules/offset/offset-unaligned-erase-group.ts';
import { offsetUnalignedMtd } from './rules/offset/offset-unaligned-mtd.ts';
import { offsetUnalignedSector } from './rules/offset/offset-unaligned-sector.ts';
import { offsetUnitSuffix } from './rules/offset/offset-unit-suffix.ts';
import { rawimageDuplicate } from './rules/offset/rawimage-duplicate.ts';
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
import { typeCase } from './rules/type/type-case.ts';
import { typeCopiesNotFsbl } from './rules/type/type-copies-not-fsbl.ts';
import { typeCopiesNotNand } from './rules/type/type-copies-not-nand.ts';
import { typeCopiesSyntax } from './rules/type/type-copies-syntax.ts';
import { typeCopiesZero } from './rules/type/type-copies-zero.ts';
import { typeUnknown } from './rules/type/type-unknown.ts';

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
];
