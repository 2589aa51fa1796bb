import { isBootRow } from '../../../layout/phases.ts';
import { eachRow } from '../../each.ts';
import { isMp1 } from '../../families.ts';
import { BOOT_ID } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

export const unexpectedDdrPhase: Rule = {
  id: 'unexpected-ddr-phase',
  severity: 'warning',
  title: 'DDR firmware for a family that has none',
  why: 'Nothing on STM32MP1 asks for phase 0x02; the file is never sent.',
  example: '- 0x02 fip-ddr FIP none on an STM32MP15',
  fix: 'delete the row',
  spoils: 'nothing',
  check: eachRow('id', (row, { families }) =>
    isBootRow(row) && row.id === BOOT_ID.DDR && isMp1(families)
      ? `${families.join(' and ')} never asks for phase 0x02`
      : undefined,
  ),
};
