import { isMtd } from '../../../layout/device.ts';
import { usableArea } from '../../../layout/usable-area.ts';
import { eachCell } from '../../each.ts';
import { isUnaligned } from '../../places.ts';
import type { Rule } from '../../rule.ts';
import { unaligned } from '../../unaligned.ts';

export const offsetUnalignedMtd: Rule = {
  id: 'offset-unaligned-mtd',
  severity: 'error',
  title: 'a partition that does not start with an erase block',
  why: 'U-Boot answers "not aligned address". Usual blocks: NOR 0x10000, NAND 0x40000, SPI-NAND 0x20000.',
  example: '0x48000 on nor0',
  fix: 'use multiples of the erase block',
  check: eachCell('offset', ({ text }, row, { known }) =>
    row.ip && isMtd(row.ip) && isUnaligned(row, known)
      ? unaligned(text, row.offset as number, usableArea(row.ip, known).eraseBytes)
      : undefined,
  ),
};
