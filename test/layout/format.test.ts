import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatLayout } from '../../src/layout/format.ts';
import { parseLayout } from '../../src/layout/parse.ts';
import { PARTITION_TYPES } from '../../src/layout/partition-type.ts';
import { FIELDS, type LayoutRow, type RowValues } from '../../src/layout/row.ts';
import { layoutText } from './rows.ts';

const word = fc.stringMatching(/^[A-Za-z0-9_.+-]{1,16}$/);
const rowValues: fc.Arbitrary<RowValues> = fc.record({
  opt: fc.oneof(
    fc.constant({ selected: false, empty: false, erase: false }),
    fc.record({ selected: fc.constant(true), empty: fc.boolean(), erase: fc.boolean() }),
  ),
  id: fc.integer({ min: 0, max: 0xff }),
  name: word,
  type: fc.oneof(
    fc.record({ kind: fc.constantFrom(...PARTITION_TYPES), copies: fc.constant(1) }),
    fc.record({ kind: fc.constant('Binary' as const), copies: fc.integer({ min: 0, max: 9 }) }),
  ),
  ip: fc.oneof(
    fc.constantFrom({ kind: 'none' as const, index: 0 }, { kind: 'ram' as const, index: 0 }),
    fc.record({
      kind: fc.constantFrom('mmc' as const, 'nor' as const, 'nand' as const, 'spi-nand' as const),
      index: fc.integer({ min: 0, max: 9 }),
    }),
  ),
  offset: fc.oneof(fc.constantFrom('boot1' as const, 'boot2' as const), fc.maxSafeNat()),
  binary: fc.oneof(fc.constant('none'), word),
});

const valuesOf = (row: LayoutRow) => FIELDS.map((field) => row[field]);

describe('the canonical form', () => {
  test('means what the model meant', () => {
    fc.assert(
      fc.property(fc.array(rowValues, { maxLength: 20 }), (values) => {
        const rows = values.map((value, index): LayoutRow => ({ ...value, line: index + 2, cells: {} }));
        expect(parseLayout(formatLayout({ rows })).rows.map(valuesOf)).toEqual(rows.map(valuesOf));
      }),
    );
  });

  test('stays as it is when it is read and written again', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('\t', '\n', 'P', '0x10', 'mmc0', 'x', '"') }), (text) => {
        const once = formatLayout(parseLayout(text));
        expect(formatLayout(parseLayout(once))).toBe(once);
      }),
    );
  });

  test('has single TABs, hex numbers and no comments', () => {
    const text = '# mine\nDP\t\t16\tubi\tSystem\tnand0\t4194304\trootfs.ubi\r\n-\t3\tfip\tFIP\tnone\t0\tfip.bin';
    expect(formatLayout(parseLayout(text))).toBe(
      layoutText(['PD 0x10 ubi System nand0 0x00400000 rootfs.ubi', '- 0x03 fip FIP none 0x00000000 fip.bin']),
    );
  });

  test('leaves a cell that nobody can read as it was', () => {
    expect(formatLayout(parseLayout(layoutText(['X 5h a Foo sata0 17K b'])))).toBe(
      layoutText(['X 5h a Foo sata0 17K b']),
    );
  });
});
