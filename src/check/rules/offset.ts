import type { Rule } from '../rule.ts';
import { emmcBootpartDuplicate } from './offset/emmc-bootpart-duplicate.ts';
import { emmcBootpartOrder } from './offset/emmc-bootpart-order.ts';
import { emmcFirstOffset } from './offset/emmc-first-offset.ts';
import { emmcFsblInUserArea } from './offset/emmc-fsbl-in-user-area.ts';
import { gptStringTooLong } from './offset/gpt-string-too-long.ts';
import { mtdLastPartitionOpenEnded } from './offset/mtd-last-partition-open-ended.ts';
import { offsetBelowGpt } from './offset/offset-below-gpt.ts';
import { offsetBeyondDevice } from './offset/offset-beyond-device.ts';
import { offsetBootpartNotEmmc } from './offset/offset-bootpart-not-emmc.ts';
import { offsetBootpartOnSdcard } from './offset/offset-bootpart-on-sdcard.ts';
import { offsetDuplicate } from './offset/offset-duplicate.ts';
import { offsetMtdFixedByTfa } from './offset/offset-mtd-fixed-by-tfa.ts';
import { offsetNotAscending } from './offset/offset-not-ascending.ts';
import { offsetRamRange } from './offset/offset-ram-range.ts';
import { offsetUnalignedEraseGroup } from './offset/offset-unaligned-erase-group.ts';
import { offsetUnalignedMtd } from './offset/offset-unaligned-mtd.ts';
import { offsetUnalignedSector } from './offset/offset-unaligned-sector.ts';
import { partitionSmallForRole } from './offset/partition-small-for-role.ts';
import { rawimageDuplicate } from './offset/rawimage-duplicate.ts';
import { rawimageForMtdBadBlocks } from './offset/rawimage-for-mtd-bad-blocks.ts';
import { rawimageMixed } from './offset/rawimage-mixed.ts';
import { rawimageOffsetIgnored } from './offset/rawimage-offset-ignored.ts';

/** Rules about where partitions lie. */
export const OFFSET_RULES: readonly Rule[] = [
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
  rawimageMixed,
  rawimageDuplicate,
  rawimageOffsetIgnored,
  emmcBootpartOrder,
  offsetNotAscending,
  offsetMtdFixedByTfa,
  mtdLastPartitionOpenEnded,
  rawimageForMtdBadBlocks,
  partitionSmallForRole,
  offsetRamRange,
  gptStringTooLong,
];
