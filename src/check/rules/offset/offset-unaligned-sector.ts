import { isEmmc, usableArea } from '../../../layout/usable-area.ts';
import { eachCell } from '../../each.ts';
import { isUnaligned } from '../../places.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const offsetUnalignedSector: Rule = {
  id: 'offset-unaligned-sector',
  severity: 'error',
  title: 'a partition that does not start with a sector',
  why: 'U-Boot answers "not aligned address : 0x4401 on erase size 0x200".',
  example: '0x44401',
  fix: 'use multiples of 0x200',
  check: eachCell('offset', ({ text }, row, { known }) =>
    row.ip?.kind === 'mmc' && !isEmmc(row.ip, known) && isUnaligned(row, known)
      ? `${quote(text)} is no multiple of ${usableArea(row.ip, known).eraseBytes} bytes`
      : undefined,
  ),
};
