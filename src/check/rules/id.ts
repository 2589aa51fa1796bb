import type { Rule } from '../rule.ts';
import { bootRowOrder } from './id/boot-row-order.ts';
import { idBootRangeFilesystem } from './id/id-boot-range-filesystem.ts';
import { idDuplicate } from './id/id-duplicate.ts';
import { idDuplicateNone } from './id/id-duplicate-none.ts';
import { idGapHexSlip } from './id/id-gap-hex-slip.ts';
import { idOffsetOrder } from './id/id-offset-order.ts';
import { idReservedForBoot } from './id/id-reserved-for-boot.ts';
import { idUserRangeBootloader } from './id/id-user-range-bootloader.ts';
import { missingDdrPhase } from './id/missing-ddr-phase.ts';
import { missingFsblPhase } from './id/missing-fsbl-phase.ts';
import { missingSsblPhase } from './id/missing-ssbl-phase.ts';
import { rowOrder } from './id/row-order.ts';
import { tooManyDevices } from './id/too-many-devices.ts';
import { unexpectedDdrPhase } from './id/unexpected-ddr-phase.ts';

/** Rules about ids that are reserved, doubled, missing or out of order. */
export const ID_RULES: readonly Rule[] = [
  idReservedForBoot,
  idDuplicateNone,
  idDuplicate,
  tooManyDevices,
  missingFsblPhase,
  missingSsblPhase,
  missingDdrPhase,
  unexpectedDdrPhase,
  bootRowOrder,
  idBootRangeFilesystem,
  idUserRangeBootloader,
  idGapHexSlip,
  rowOrder,
  idOffsetOrder,
];
