import { formatSize } from '../../../base/sizes.ts';
import { eachRow } from '../../each.ts';
import { placementOf } from '../../places.ts';
import { quote } from '../../quote.ts';
import { isFipPartition, isFsblPartition } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

const FSBL_BYTES = 0x4_0000;
const FIP_BYTES = 0x20_0000;

export const partitionSmallForRole: Rule = {
  id: 'partition-small-for-role',
  severity: 'warning',
  title: 'a partition smaller than what goes there',
  why: "ST's layouts give 256 KiB to an FSBL and 4 MiB to a FIP; the next build may not fit any more.",
  example: 'fip-a with 1 MiB',
  fix: 'leave 256 KiB for an FSBL, 2 MiB for a FIP',
  spoils: 'nothing',
  check: eachRow('offset', (row, subject) => {
    const wanted = isFsblPartition(row) ? FSBL_BYTES : isFipPartition(row) ? FIP_BYTES : 0;
    const size = wanted === 0 || typeof row.offset === 'string' ? undefined : placementOf(row, subject)?.sizeBytes;
    return size === undefined || size === 0 || size >= wanted
      ? undefined
      : `${quote(row.name ?? '')} has ${formatSize(size)}`;
  }),
};
