import { describe, expect, test } from 'vitest';
import { parseLayout } from '../../src/layout/parse.ts';
import { bootRow, plannedPhases, sendsFile, storageRowsById } from '../../src/layout/phases.ts';
import { layoutText } from './rows.ts';

const layout = parseLayout(
  layoutText([
    '- 0x01 fsbl Binary none 0x0 fsbl.stm32',
    '- 0x03 fip FIP none 0x0 fip.bin',
    'P 0x12 c FileSystem mmc0 0x4400 c.ext4',
    'PE 0x11 b FileSystem mmc0 0x84400 none',
    'PD 0x10 a FileSystem mmc0 0x44400 a.ext4',
    '- 0x13 d FileSystem mmc0 0xC4400 d.ext4',
  ]),
);
const ids = (rows: readonly { readonly id: number | undefined }[]) => rows.map(({ id }) => id);

describe('phases', () => {
  test('are asked for by id: what is selected and not empty', () => {
    expect(ids(plannedPhases(layout))).toEqual([0x10, 0x12]);
  });

  test('have an alternate setting even when they are not asked for', () => {
    expect(ids(storageRowsById(layout))).toEqual([0x10, 0x11, 0x12, 0x13]);
  });

  test('of the boot stages are found by their id', () => {
    expect([1, 2, 3].map((id) => bootRow(layout, id)?.name)).toEqual(['fsbl', undefined, 'fip']);
  });

  test('send a file when they boot or are asked for', () => {
    expect(ids(layout.rows.filter(sendsFile))).toEqual([1, 3, 0x12, 0x10]);
  });
});
