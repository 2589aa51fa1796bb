import type { Rule } from '../rule.ts';
import { bootRowOrder } from './id/boot-row-order.ts';
import { idBootRangeFilesystem } from './id/id-boot-range-filesystem.ts';
import { idDecimal } from './id/id-decimal.ts';
import { idDecimalAmbiguous } from './id/id-decimal-ambiguous.ts';
import { idDuplicate } from './id/id-duplicate.ts';
import { idDuplicateNone } from './id/id-duplicate-none.ts';
import { idGapHexSlip } from './id/id-gap-hex-slip.ts';
import { idOctal } from './id/id-octal.ts';
import { idOffsetOrder } from './id/id-offset-order.ts';
import { idOutOfRange } from './id/id-out-of-range.ts';
import { idReservedForBoot } from './id/id-reserved-for-boot.ts';
import { idSyntax } from './id/id-syntax.ts';
import { idUserRangeBootloader } from './id/id-user-range-bootloader.ts';
import { idZero } from './id/id-zero.ts';
import { missingDdrPhase } from './id/missing-ddr-phase.ts';
import { missingFsblPhase } from './id/missing-fsbl-phase.ts';
import { missingSsblPhase } from './id/missing-ssbl-phase.ts';
import { rowOrder } from './id/row-order.ts';
import { tooManyDevices } from './id/too-many-devices.ts';
import { unexpectedDdrPhase } from './id/unexpected-ddr-phase.ts';

/** Rules about ids, and phases that are missing or doubled. */
export const ID_RULES: readonly Rule[] = [
  idZero,
  idOctal,
  idOutOfRange,
  idDecimalAmbiguous,
  idDecimal,
  idSyntax,
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
