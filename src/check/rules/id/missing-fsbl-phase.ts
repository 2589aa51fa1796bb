import { absentBootRow } from '../../absent-boot-row.ts';
import { BOOT_ID } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

export const missingFsblPhase: Rule = {
  id: 'missing-fsbl-phase',
  severity: 'error',
  title: 'no row for the first-stage boot loader',
  why: 'The ROM asks for phase 0x01 and has nothing else to start.',
  example: 'a layout without 0x01',
  fix: 'add: - 0x01 fsbl-boot Binary none 0x0 FILE',
  spoils: 'nothing',
  check: absentBootRow(BOOT_ID.FSBL, () => true),
};
