import { FIELDS } from '../../../layout/row.ts';
import { eachLine } from '../../each.ts';
import { quote } from '../../quote.ts';
import type { Rule } from '../../rule.ts';

export const extraColumn: Rule = {
  id: 'extra-column',
  severity: 'warning',
  title: 'a row of more than seven columns',
  why: "ST's host tool refuses the file; U-Boot reads six columns and no further.",
  example: '… rootfs.ext4<TAB>1',
  fix: 'delete what is behind the Binary column',
  spoils: 'nothing',
  check: eachLine('row', ({ cells }) => {
    const cell = cells[FIELDS.length];
    if (!cell) return undefined;
    return { ...cell, message: `${quote(cell.text)} stands behind the last of ${FIELDS.length} columns` };
  }),
};
