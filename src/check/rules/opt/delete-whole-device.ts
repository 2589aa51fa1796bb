import { formatDevice } from '../../../layout/device.ts';
import { isStorageRow } from '../../../layout/phases.ts';
import { eachRow } from '../../each.ts';
import type { Rule } from '../../rule.ts';

export const deleteWholeDevice: Rule = {
  id: 'delete-whole-device',
  severity: 'warning',
  title: 'a row that erases a whole device',
  why: 'RawImage stands for the device from its first byte to its last.',
  example: 'PED 0x10 emmc RawImage mmc1 0x0 none',
  fix: 'make sure that nothing on it is wanted',
  spoils: 'nothing',
  check: eachRow('opt', (row) =>
    isStorageRow(row) && row.ip && row.opt?.erase && row.type?.kind === 'RawImage'
      ? `all of ${formatDevice(row.ip)} is erased`
      : undefined,
  ),
};
