import { contentName, isCompressed } from '../../contents.ts';
import { eachFile } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const binaryCompressed: Rule = {
  id: 'binary-compressed',
  severity: 'error',
  title: 'a compressed file',
  why: 'The board writes the bytes as they come.',
  example: 'rootfs.ext4.gz',
  fix: 'unpack the file first; phaseline itself accepts gzip, xz, zstd and bzip2 and unpacks them while it sends (--tool phaseline)',
  aboutFile: true,
  check: eachFile(({ content }, { binary }) =>
    isCompressed(content) ? `${quote(binary ?? '')} is ${contentName(content)}` : undefined,
  ),
};
