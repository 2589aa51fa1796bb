import { isBootRow } from '../../../layout/phases.ts';
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
    const named = rows
      .filter((row) => isBootRow(row) || isFsblPartition(row) || isFipPartition(row))
      .flatMap((row) => {
        const board = BOARD.exec(row.binary?.split(/[\\/]/).at(-1) ?? '')?.[0].toLowerCase();
        return board === undefined ? [] : [{ row, board }];
      });
    const first = named[0];
    const other = named.find(({ board }) => board !== first?.board);
    return first && other
      ? [
          at(
            other.row,
            'binary',
            `${quote(other.row.binary ?? '')} is for another board than line ${first.row.line}, ${first.board}`,
          ),
        ]
      : [];
  },
};
