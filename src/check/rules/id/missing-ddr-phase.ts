import { isStorageRow } from '../../../layout/phases.ts';
import { absentBootRow } from '../../absent-boot-row.ts';
import { isMp2 } from '../../families.ts';
import { BOOT_ID } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

export const missingDdrPhase: Rule = {
  id: 'missing-ddr-phase',
  severity: 'error',
  title: 'no row for the DDR firmware of an STM32MP2',
  why: 'BL2 of STM32MP2 asks for phase 0x02 before 0x03 (TF-A bl2_io_storage.c).',
  example: '0x01 and 0x03 on an STM32MP25',
  fix: 'add: - 0x02 fip-ddr FIP none 0x0 FILE',
  spoils: 'nothing',
  check: absentBootRow(
    BOOT_ID.DDR,
    ({ rows, families }) => isMp2(families) && rows.some((row) => row.id === BOOT_ID.SSBL || isStorageRow(row)),
  ),
};
