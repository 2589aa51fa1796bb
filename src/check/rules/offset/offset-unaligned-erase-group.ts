import { isEmmc, usableArea } from '../../../layout/usable-area.ts';
import { eachCell } from '../../each.ts';
import { isUnaligned } from '../../places.ts';
import type { Rule } from '../../rule.ts';
import { unaligned } from '../../unaligned.ts';

export const offsetUnalignedEraseGroup: Rule = {
  id: 'offset-unaligned-erase-group',
  severity: 'error',
  title: 'a partition that does not start with an erase group of the eMMC',
  why: 'U-Boot answers "metadata1 (0x6): not aligned address : 0x84000 on erase size 0x80000".',
  example: '0x84000 on mmc1',
  fix: 'use multiples of 0x80000, or of the erase group that the eMMC has',
  check: eachCell('offset', ({ text }, row, { known }) =>
    row.ip?.kind === 'mmc' && isEmmc(row.ip, known) && isUnaligned(row, known)
      ? unaligned(text, row.offset as number, usableArea(row.ip, known).eraseBytes)
      : undefined,
  ),
};
