import { quote } from '../../quote.ts';
import { isFsblPartition } from '../../roles.ts';
import { at, type Rule } from '../../rule.ts';

export const nandSingleFsbl: Rule = {
  id: 'nand-single-fsbl',
  severity: 'warning',
  title: 'one FSBL on NAND',
  why: "Where a block is bad the ROM goes on to the next copy; ST's layouts have two.",
  example: 'P 0x04 fsbl Binary nand0',
  fix: 'write Binary(2)',
  spoils: 'nothing',
  check: (subject) =>
    subject.devices.flatMap(({ device, placements }) => {
      if ((device.kind !== 'nand' && device.kind !== 'spi-nand') || !subject.knows('name', 'type', 'ip')) return [];
      const rows = placements.map(({ row }) => row).filter(isFsblPartition);
      const [row] = rows;
      return row && rows.length === 1 && row.type?.copies === 1
        ? [at(row, 'type', `${quote(row.name ?? '')} is the only copy`)]
        : [];
    }),
};
