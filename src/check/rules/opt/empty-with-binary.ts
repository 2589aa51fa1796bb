import { isStorageRow } from '../../../layout/phases.ts';
import { NO_BINARY } from '../../../layout/row.ts';
import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const emptyWithBinary: Rule = {
  id: 'empty-with-binary',
  severity: 'warning',
  title: 'a file on a partition that stays empty',
  why: 'U-Boot never asks for a row with E: the file is not written, and nobody says so.',
  example: 'PE 0x11 rootfs FileSystem mmc0 0x04984400 rootfs.ext4',
  fix: 'take the E away, or write none',
  spoils: 'nothing',
  check: eachCell('binary', ({ text }, row) =>
    isStorageRow(row) && row.opt?.empty && text !== NO_BINARY
      ? `${quote(text)} is not written: the partition stays empty`
      : undefined,
  ),
};
