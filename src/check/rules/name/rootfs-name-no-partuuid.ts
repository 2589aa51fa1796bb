import { eachCell } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const rootfsNameNoPartuuid: Rule = {
  id: 'rootfs-name-no-partuuid',
  severity: 'info',
  title: 'a root file system under a name without a fixed PARTUUID',
  why: "U-Boot sets the PARTUUID that ST's kernel command line names for rootfs and rootfs-a only.",
  example: 'rootfs1',
  fix: 'use rootfs, or boot by another name than PARTUUID',
  spoils: 'nothing',
  check: eachCell('name', ({ text }, row) =>
    row.ip?.kind === 'mmc' && row.type?.kind === 'FileSystem' && /^rootfs(?!$|-a$)/i.test(text)
      ? `${quote(text)} gets a random PARTUUID`
      : undefined,
  ),
};
