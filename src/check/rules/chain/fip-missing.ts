import { isStorageRow } from '../../../layout/phases.ts';
import type { LayoutRow } from '../../../layout/row.ts';
import { isProblem } from '../../file-facts.ts';
import { quote } from '../../quote.ts';
import { isFsblPartition } from '../../roles.ts';
import { at, type Rule } from '../../rule.ts';
import type { Subject } from '../../subject.ts';

const FIP_IN_BOOT_PARTITION = 0x4_0000;

export const fipMissing: Rule = {
  id: 'fip-missing',
  severity: 'error',
  title: 'an FSBL that has nothing to go on with',
  why: 'TF-A answers "ERROR: Could NOT find the fip partition!", an older one "Partition ssbl not found".',
  example: 'fsbl1 and fsbl2, but no fip',
  fix: 'add a row for the FIP',
  spoils: 'nothing',
  check: (subject) => {
    const { rows } = subject;
    if (!subject.knows('name', 'ip', 'type') || rows.some((row) => isStorageRow(row) && leadsOn(row))) return [];
    const row = rows.find((other) => isFsblPartition(other) && !mayCarryFip(other, subject));
    // Without a system to start, the FSBL may be all there is: a program of its own.
    const hasSystem = rows.some(
      (other) => isStorageRow(other) && (other.type?.kind === 'System' || other.type?.kind === 'FileSystem'),
    );
    return row && hasSystem ? [at(row, 'name', `${quote(row.name ?? '')} is there, and no FIP`)] : [];
  },
};

/** A file for an eMMC's boot partition may hold the FIP as well, behind the FSBL (TF-A: STM32MP_EMMC_BOOT_FIP_OFFSET). */
function mayCarryFip(row: LayoutRow, { context }: Subject): boolean {
  if (typeof row.offset !== 'string') return false;
  const file = context.files?.get(row.binary ?? '');
  return !file || isProblem(file) || file.sizeBytes > FIP_IN_BOOT_PARTITION;
}

/** A row behind the FSBL in any of the boot chains, or an image that may hold one. */
function leadsOn({ name, type }: LayoutRow): boolean {
  return type?.kind === 'FIP' || type?.kind === 'RawImage' || /fip|ssbl|u-?boot(?!-?env)/i.test(name ?? '');
}
