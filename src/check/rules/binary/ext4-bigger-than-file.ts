import { isFilesystem } from '../../contents.ts';
import { eachFile } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

const CHECKED = new Set(['ext2', 'ext3', 'ext4', 'squashfs', 'erofs']);

export const ext4BiggerThanFile: Rule = {
  id: 'ext4-bigger-than-file',
  severity: 'error',
  title: 'a file system that was cut off',
  why: 'Its superblock speaks of more than the file holds; the kernel answers "bad geometry".',
  example: '4 MiB in a file of 8 KiB',
  fix: 'build or copy the file again',
  aboutFile: true,
  check: eachFile(({ content, sizeBytes, sizeIsLeast }, { binary }) => {
    if (sizeIsLeast || !isFilesystem(content) || !CHECKED.has(content.kind) || (content.sizeBytes ?? 0) <= sizeBytes)
      return undefined;
    return `${quote(binary ?? '')} has ${sizeBytes} bytes, its file system ${content.sizeBytes}`;
  }),
};
