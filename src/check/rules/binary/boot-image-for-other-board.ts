import { isBootRow } from '../../../layout/phases.ts';
import type { LayoutRow } from '../../../layout/row.ts';
import { familiesNamed } from '../../families.ts';
import { quote } from '../../quote.ts';
import { isFipPartition, isFsblPartition } from '../../roles.ts';
import { at, type Rule } from '../../rule.ts';

const BOARD = /stm32mp\d{3}[a-z]?-[a-z]+\d*/i;

export const bootImageForOtherBoard: Rule = {
  id: 'boot-image-for-other-board',
  severity: 'warning',
  title: 'boot files of several boards',
  why: 'A device tree for another board mostly stops at DDR or PMIC set-up, with nothing to see but silence.',
  example: 'tf-a-stm32mp157c-dk2.stm32 and fip-stm32mp157c-ev1.bin',
  fix: 'use the files of one board',
  spoils: 'nothing',
  check: ({ rows }) => {
    const boot = rows.filter((row) => isBootRow(row) || isFsblPartition(row) || isFipPartition(row));
    const finding = firstOther(boot, boardNamed) ?? firstOther(boot, familyNamed);
    return finding ? [finding] : [];
  },
};

function firstOther(rows: readonly LayoutRow[], named: (file: string) => string | undefined) {
  const files = rows.map((row) => ({ row, board: named(row.binary?.split(/[\\/]/).at(-1) ?? '') }));
  const first = files.find(({ board }) => board !== undefined);
  const other = files.find(({ board }) => board !== undefined && board !== first?.board);
  if (!first || !other) return undefined;
  const message = `${quote(other.row.binary ?? '')} is for another board than line ${first.row.line}, ${first.board}`;
  return at(other.row, 'binary', message);
}

function boardNamed(file: string): string | undefined {
  return BOARD.exec(file)?.[0].toLowerCase();
}

/** Nothing for a name that speaks of several families. */
function familyNamed(file: string): string | undefined {
  const families = familiesNamed(file);
  return families.length === 1 ? families[0] : undefined;
}
