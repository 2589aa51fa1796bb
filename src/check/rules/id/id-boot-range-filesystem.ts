import { hexNumber } from '../../../base/sizes.ts';
import { isStorageRow } from '../../../layout/phases.ts';
import { eachRow } from '../../each.ts';
import { FIRST_USER_ID } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

export const idBootRangeFilesystem: Rule = {
  id: 'id-boot-range-filesystem',
  severity: 'warning',
  title: 'a file system on an id for boot images',
  why: "ST's tools keep 0x04 to 0x0F for images of the boot chain.",
  example: 'P 0x0A rootfs FileSystem mmc0',
  fix: 'use 0x10 or above',
  spoils: 'nothing',
  check: eachRow('id', (row) => {
    const kind = row.type?.kind;
    if (kind !== 'System' && kind !== 'FileSystem' && kind !== 'RawImage') return undefined;
    return isStorageRow(row) && row.id !== undefined && row.id < FIRST_USER_ID
      ? `${kind} on ${hexNumber(row.id)}`
      : undefined;
  }),
};
