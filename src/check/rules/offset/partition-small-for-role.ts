import { formatSize } from '../../../base/sizes.ts';
import type { LayoutRow } from '../../../layout/row.ts';
import { eachRow } from '../../each.ts';
import { placementOf } from '../../places.ts';
import { quote } from '../../quote.ts';
import { isEnvPartition, isFipPartition, isFsblPartition } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

const FSBL_BYTES = 0x4_0000;
const FIP_BYTES = 0x20_0000;
/** Twice what U-Boot's environment takes on these boards, for it is kept twice. */
const ENV_BYTES = 0x4000;

export const partitionSmallForRole: Rule = {
  id: 'partition-small-for-role',
  severity: 'warning',
  title: 'a partition smaller than what goes there',
  why: "ST's layouts give 256 KiB to an FSBL, 4 MiB to a FIP and 512 KiB to U-Boot's environment, which is kept twice; the next build may not fit any more.",
  example: 'fip-a with 1 MiB',
  fix: 'leave 256 KiB for an FSBL, 2 MiB for a FIP, 16 KiB for the environment',
  spoils: 'nothing',
  check: eachRow('offset', (row, subject) => {
    const wanted = wantedBytes(row);
    const size = wanted === 0 || typeof row.offset === 'string' ? undefined : placementOf(row, subject)?.sizeBytes;
    return size === undefined || size === 0 || size >= wanted
      ? undefined
      : `${quote(row.name ?? '')} has ${formatSize(size)}`;
  }),
};

function wantedBytes(row: LayoutRow): number {
  if (isFsblPartition(row)) return FSBL_BYTES;
  if (isFipPartition(row)) return FIP_BYTES;
  return isEnvPartition(row) ? ENV_BYTES : 0;
}
