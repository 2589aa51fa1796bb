import { isBootRow, sendsFile } from '../../../layout/phases.ts';
import type { LayoutRow } from '../../../layout/row.ts';
import { quote } from '../../quote.ts';
import { isFipPartition, isFsblPartition } from '../../roles.ts';
import { at, type Rule } from '../../rule.ts';

export const secureSignatureMixed: Rule = {
  id: 'secure-signature-mixed',
  severity: 'info',
  title: 'signed and unsigned boot files',
  why: 'A closed device refuses what is not signed.',
  example: 'tf-a_Signed.stm32 and an unsigned FIP',
  fix: 'sign all of them or none',
  spoils: 'nothing',
  check: ({ rows }) => {
    const files = rows.filter(
      (row) => sendsFile(row) && (isBootRow(row) || isFsblPartition(row) || isFipPartition(row)),
    );
    const isSigned = (row: LayoutRow) => /_signed/i.test(row.binary ?? '');
    const bare = files.find((row) => !isSigned(row));
    return bare && files.some(isSigned)
      ? [at(bare, 'binary', `${quote(bare.binary ?? '')} is not signed, others are`)]
      : [];
  },
};
