import { isStorageRow } from '../../../layout/phases.ts';
import { contentName, isFilesystem, isUnfit } from '../../contents.ts';
import { eachFile } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const filesystemNoSuperblock: Rule = {
  id: 'filesystem-no-superblock',
  severity: 'warning',
  title: 'a file system partition without a file system',
  why: 'Nothing in the file looks like ext2 to ext4, FAT, squashfs, UBI, F2FS, btrfs or EROFS.',
  example: 'a FileSystem row with a tar file',
  fix: "name the file system's image, or write Binary",
  aboutFile: true,
  spoils: 'nothing',
  check: eachFile(({ content }, row) => {
    const kind = row.type?.kind;
    if ((kind !== 'FileSystem' && kind !== 'System') || !isStorageRow(row) || row.ip?.kind === 'ram') return undefined;
    if (isFilesystem(content) || isUnfit(content) || content.kind === 'malformed') return undefined;
    return `${quote(row.binary ?? '')} is ${contentName(content)} and no file system`;
  }),
};
