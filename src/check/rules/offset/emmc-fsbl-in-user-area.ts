import { isEmmc } from '../../../layout/usable-area.ts';
import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import { isFsblPartition } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

export const emmcFsblInUserArea: Rule = {
  id: 'emmc-fsbl-in-user-area',
  severity: 'error',
  title: "an FSBL outside the eMMC's boot partitions",
  why: 'From an eMMC the ROM starts boot1 or boot2 only.',
  example: 'fsbl1 on mmc1 at 0x00080000',
  fix: 'write boot1 or boot2',
  check: eachCell('offset', ({ text }, row, { known }) =>
    isFsblPartition(row) &&
    row.ip &&
    isEmmc(row.ip, known) &&
    typeof row.offset === 'number' &&
    row.type?.kind !== 'RawImage'
      ? `${quote(row.name ?? '')} lies at ${quote(text)}`
      : undefined,
  ),
};
