import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatLayout } from '../../src/layout/format.ts';
import type { LayoutLine } from '../../src/layout/lines.ts';
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
        const rows = values.map((value, index): LayoutRow => ({ ...value, line: index + 1, cells: {} }));
        const lines = rows.map(
          ({ line }): LayoutLine => ({ number: line, text: '', ending: '\n', kind: 'row', cells: [] }),
        );
        expect(parseLayout(formatLayout({ lines, rows })).rows.map(valuesOf)).toEqual(rows.map(valuesOf));
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

  test('has hex numbers, columns under each other, and the comments where they were', () => {
    const text = [
      '# mine',
      '#Opt\tId\tName',
      '-\t3\tfip\tFIP\tnone\t0\tfip.bin\r',
      '',
      '# the rest',
      'DP\t\t16\ta-long-name\tSystem\tnand0\t4194304\trootfs.ubi',
    ].join('\n');
    expect(formatLayout(parseLayout(text))).toBe(
      [
        '# mine',
        '#Opt\tId\tName\t\tType\tIP\tOffset\t\tBinary',
        '-\t0x03\tfip\t\tFIP\tnone\t0x00000000\tfip.bin',
        '',
        '# the rest',
        'PD\t0x10\ta-long-name\tSystem\tnand0\t0x00400000\trootfs.ubi',
        '',
      ].join('\n'),
    );
  });

  test('keeps an eighth column', () => {
    expect(formatLayout(parseLayout('-\t0x01\ta\tBinary\tnone\t0x0\tb\t1\n'))).toMatch(/\tb\t1\n$/);
  });

  test('does not make a comment of a row that starts with a TAB and a #', () => {
    const text = '\t#a\tb\n';
    expect(formatLayout(parseLayout(text))).toContain(text);
  });

  test('leaves a cell that nobody can read as it was', () => {
    expect(formatLayout(parseLayout(layoutText(['X 5h a Foo sata0 17K b'])))).toBe(
      layoutText(['X 5h a Foo sata0 17K b']),
    );
  });
});
