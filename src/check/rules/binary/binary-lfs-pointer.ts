import { eachFile } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const binaryLfsPointer: Rule = {
  id: 'binary-lfs-pointer',
  severity: 'error',
  title: 'a Git LFS pointer',
  why: 'About 130 bytes of text stand where the file should be, and would be flashed.',
  example: 'version https://git-lfs.github.com/spec/v1',
  fix: 'run git lfs pull',
  aboutFile: true,
  check: eachFile(({ content }, { binary }) =>
    content.kind === 'lfs-pointer' ? `${quote(binary ?? '')} is a Git LFS pointer, not the file` : undefined,
  ),
};
