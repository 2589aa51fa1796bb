import { formatDevice } from '../../../layout/device.ts';
import { isProgrammed } from '../../../layout/phases.ts';
import { NO_BINARY } from '../../../layout/row.ts';
import { eachRow } from '../../each.ts';
import type { Rule } from '../../rule.ts';

export const rawimageForMtdBadBlocks: Rule = {
  id: 'rawimage-for-mtd-bad-blocks',
  severity: 'warning',
  title: 'a whole-device image for NAND',
  why: 'Bad blocks move everything behind them; an image with offsets inside does not survive that.',
  example: 'RawImage on nand0',
  fix: 'write a row for each partition',
  spoils: 'nothing',
  check: eachRow('type', (row) =>
    row.type?.kind === 'RawImage' &&
    (row.ip?.kind === 'nand' || row.ip?.kind === 'spi-nand') &&
    isProgrammed(row) &&
    row.binary !== NO_BINARY
      ? `an image of all of ${formatDevice(row.ip)}`
      : undefined,
  ),
};
