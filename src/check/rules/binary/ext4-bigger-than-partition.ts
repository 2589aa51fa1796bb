import { isFilesystem } from '../../contents.ts';
import { eachFile } from '../../each.ts';
import { placementOf } from '../../places.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const ext4BiggerThanPartition: Rule = {
  id: 'ext4-bigger-than-partition',
  severity: 'error',
  title: 'a file system larger than its partition',
  why: 'The kernel refuses a file system that ends behind its partition: "bad geometry".',
  example: '64 MiB in a partition of 32 MiB',
  fix: 'shrink the file system, or move the partitions behind it',
  aboutFile: true,
  check: eachFile(({ content }, row, subject) => {
    const size = placementOf(row, subject)?.sizeBytes;
    if (size === undefined || !isFilesystem(content) || (content.sizeBytes ?? 0) <= size) return undefined;
    return `the file system in ${quote(row.binary ?? '')} has ${content.sizeBytes} bytes, its partition ${size}`;
  }),
};
