import { formatOffset } from '../../../layout/offset.ts';
import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import { isMetadataPartition } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

const BUILT_IN: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  nor: { metadata1: 0x8_0000, metadata2: 0xc_0000, 'fip-a': 0x10_0000, 'fip-b': 0x50_0000 },
  nand: {
    metadata1: 0x10_0000,
    metadata2: 0x18_0000,
    'fip-a': 0x20_0000,
    'fip-b': 0xa0_0000,
    'fip-a1': 0x20_0000,
    'fip-b1': 0xa0_0000,
  },
};
const WITHOUT_METADATA: Readonly<Record<string, number>> = { nor: 0x8_0000, nand: 0x20_0000 };

export const offsetMtdFixedByTfa: Rule = {
  id: 'offset-mtd-fixed-by-tfa',
  severity: 'warning',
  title: 'a boot partition where TF-A does not look',
  why: 'Raw flash has no partition table: TF-A has the offsets compiled in (stm32mp_io_storage.h).',
  example: 'fip-a at 0x00140000 on nor0',
  fix: 'use the offset that TF-A is built for',
  spoils: 'nothing',
  check: eachCell('offset', ({ text }, row, { rows }) => {
    const kind = row.ip?.kind ?? '';
    const builtIn =
      row.name === 'fip' && !rows.some(isMetadataPartition) ? WITHOUT_METADATA[kind] : BUILT_IN[kind]?.[row.name ?? ''];
    return builtIn === undefined || row.offset === undefined || row.offset === builtIn
      ? undefined
      : `${quote(row.name ?? '')} lies at ${quote(text)}, TF-A looks at ${formatOffset(builtIn)}`;
  }),
};
