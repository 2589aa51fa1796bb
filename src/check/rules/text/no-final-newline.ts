import type { Rule } from '../../rule.ts';

export const noFinalNewline: Rule = {
  id: 'no-final-newline',
  severity: 'info',
  title: 'a last line without a line end',
  why: 'U-Boot does not mind; create_sdcard_from_flashlayout.sh reads line by line in bash and loses the row.',
  example: 'the file ends behind rootfs.ext4',
  fix: 'end the last line with a line feed',
  spoils: 'nothing',
  check: ({ layout }) => {
    const last = layout.lines.at(-1);
    if (last?.ending !== '') return [];
    const column = last.text.length + 1;
    return [{ line: last.number, column, endColumn: column, message: 'the last line has no line end' }];
  },
};
