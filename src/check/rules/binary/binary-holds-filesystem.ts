import { contentName, isFilesystem } from '../../contents.ts';
import { eachFile } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const binaryHoldsFilesystem: Rule = {
  id: 'binary-holds-filesystem',
  severity: 'info',
  title: 'a file system in a partition of type Binary',
  why: 'The GPT entry gets the type of reserved space.',
  example: 'P 0x10 rootfs Binary mmc0 0x00984400 rootfs.squashfs',
  fix: 'write FileSystem',
  aboutFile: true,
  spoils: 'nothing',
  check: eachFile(({ content }, row) =>
    row.ip?.kind === 'mmc' && (row.type?.kind === 'Binary' || row.type?.kind === 'FIP') && isFilesystem(content)
      ? `${quote(row.binary ?? '')} is ${contentName(content)}`
      : undefined,
  ),
};
