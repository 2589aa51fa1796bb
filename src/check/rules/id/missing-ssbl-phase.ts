import { isStorageRow } from '../../../layout/phases.ts';
import { absentBootRow } from '../../absent-boot-row.ts';
import { BOOT_ID } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

export const missingSsblPhase: Rule = {
  id: 'missing-ssbl-phase',
  severity: 'error',
  title: 'no row for the second-stage boot loader',
  why: 'TF-A asks for phase 0x03; without it U-Boot never runs, and no partition is written.',
  example: 'partitions, but no 0x03',
  fix: 'add: - 0x03 fip-boot FIP none 0x0 FILE',
  spoils: 'nothing',
  check: absentBootRow(BOOT_ID.SSBL, ({ rows }) => rows.some(isStorageRow)),
};
