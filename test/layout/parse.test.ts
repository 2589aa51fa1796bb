import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitLines } from '../../src/layout/lines.ts';
import { decodeLayout, parseLayout } from '../../src/layout/parse.ts';
import { layoutText } from './rows.ts';

const anyText = fc.string({
  unit: fc.constantFrom('\t', '\n', '\r', '"', '#', ' ', '\0', 'P', '0x10', 'é', '😀', '\\'),
});

function onlyRow(row: string) {
  const [first] = parseLayout(layoutText([row])).rows;
  if (!first) throw new Error('no row');
  return first;
}

describe('lines and cells', () => {
  test('give the text back, whatever it holds', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, fc.string({ unit: 'binary' })), (text) => {
        // csv-parse works on UTF-8, where half a surrogate pair does not exist; decoded bytes never hold one.
        const wellFormed = new TextDecoder().decode(new TextEncoder().encode(text));
        expect(
          splitLines(wellFormed)
            .map(({ text: line, ending }) => line + ending)
            .join(''),
        ).toBe(wellFormed);
      }),
    );
  });

  test('have columns that point at the text of the cell', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        for (const { text: line, cells } of splitLines(text)) {
          for (const cell of cells) expect(line.slice(cell.column - 1, cell.endColumn - 1)).toBe(cell.text);
        }
      }),
    );
  });

  test('count a TAB as one column and a run of TABs as one separator', () => {
    const { cells } = onlyRow('P  0x10 rootfs FileSystem mmc0 0x4400 r.ext4');
    expect(cells.id).toEqual({ text: '0x10', column: 4, endColumn: 8 });
    expect(cells.name?.column).toBe(9);
  });

  test.each([
    ['#Opt\tId', 'comment'],
    [' #Opt', 'row'],
    ['\t \t', 'blank'],
    ['', 'blank'],
    ['P', 'row'],
  ])('take %j for a %s', (text, kind) => {
    expect(splitLines(text === '' ? '\n' : text).map((line) => line.kind)).toEqual([kind]);
  });

  test('leave the CR of a Windows line end out of the last cell', () => {
    const [line] = splitLines('P\tr.ext4\r\n');
    expect(line).toMatchObject({ text: 'P\tr.ext4', ending: '\r\n', cells: [{ text: 'P' }, { text: 'r.ext4' }] });
  });

  test('keep a CR that ends no line', () => {
    expect(splitLines('P\ra\tb\r').map(({ cells }) => cells.map(({ text }) => text))).toEqual([['P\ra', 'b\r']]);
  });
});

describe('a row', () => {
  test('is read cell by cell', () => {
    expect(onlyRow('PED 0x0A u-boot-env ENV mmc1 0x00980000 none')).toMatchObject({
      line: 2,
      opt: { selected: true, empty: true, erase: true },
      id: 10,
      name: 'u-boot-env',
      type: { kind: 'ENV', copies: 1 },
      ip: { kind: 'mmc', index: 1 },
      offset: 0x980000,
      binary: 'none',
    });
  });

  test.each([
    ['-', { selected: false, empty: false, erase: false }],
    ['P', { selected: true, empty: false, erase: false }],
    ['DPE', { selected: true, empty: true, erase: true }],
    ['E', undefined],
    ['-P', undefined],
    ['p', undefined],
    ['PX', undefined],
  ])('has the option %j', (text, opt) => {
    expect(onlyRow(`${text} 0x10 a Binary mmc0 0x4400 b`).opt).toEqual(opt);
  });

  test.each([
    ['0x10', 16],
    ['0X1f', 31],
    ['16', 16],
    ['010', 8],
    ['0', 0],
    ['0xF1', 0xf1],
    ['09', undefined],
    ['-1', undefined],
    ['0x', undefined],
    ['5h', undefined],
    ['0xFFFFFFFFFFFFFFFFFF', undefined],
  ])('has the id that U-Boot reads from %j', (text, id) => {
    expect(onlyRow(`P ${text} a Binary mmc0 0x4400 b`).id).toBe(id);
  });

  test.each([
    ['Binary', { kind: 'Binary', copies: 1 }],
    ['Binary(2)', { kind: 'Binary', copies: 2 }],
    ['Binary(0)', { kind: 'Binary', copies: 0 }],
    ['RawImage', { kind: 'RawImage', copies: 1 }],
    ['Binary()', undefined],
    ['Binary(2', undefined],
    ['BinaryX', undefined],
    ['filesystem', undefined],
    ['FIP(2)', undefined],
  ])('has the type %j', (text, type) => {
    expect(onlyRow(`P 0x10 a ${text} nand0 0x0 b`).type).toEqual(type);
  });

  test.each([
    ['none', { kind: 'none', index: 0 }],
    ['mmc2', { kind: 'mmc', index: 2 }],
    ['spi-nand0', { kind: 'spi-nand', index: 0 }],
    ['ram', { kind: 'ram', index: 0 }],
    ['ram0', { kind: 'ram', index: 0 }],
    ['mmc', undefined],
    ['mmc10', undefined],
    ['MMC0', undefined],
    ['sata0', undefined],
  ])('has the device %j', (text, ip) => {
    expect(onlyRow(`P 0x10 a Binary ${text} 0x0 b`).ip).toEqual(ip);
  });

  test.each([
    ['boot1', 'boot1'],
    ['boot3', undefined],
    ['0x00004400', 0x4400],
    ['0x105984400', 0x105984400],
    ['00017408', 17408],
    ['17K', undefined],
    ['-1', undefined],
    ['0xffffffffffffffff', undefined],
  ])('has the offset that U-Boot reads from %j', (text, offset) => {
    expect(onlyRow(`P 0x10 a Binary mmc0 ${text} b`).offset).toBe(offset);
  });

  test.each([
    ['abcdefghijklmnop', true],
    ['abcdefghijklmnopq', false],
    ['éééééééé', true],
    ['ééééééééé', false],
  ])('has a name of up to 16 bytes: %s', (name, readable) => {
    expect(onlyRow(`P 0x10 ${name} Binary mmc0 0x4400 b`).name).toBe(readable ? name : undefined);
  });

  test('keeps the cells that are there when others are missing', () => {
    const row = onlyRow('P 0x10 rootfs');
    expect(row).toMatchObject({ id: 16, name: 'rootfs', type: undefined, binary: undefined });
    expect(Object.keys(row.cells)).toEqual(['opt', 'id', 'name']);
  });
});

describe('any bytes', () => {
  test('are read without failing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4096 }), (bytes) => parseLayout(decodeLayout(bytes)).rows.length >= 0),
    );
  });

  test.each([
    ['a line of a MiB', 'x'.repeat(2 ** 20)],
    ['a MiB of TABs', '\t'.repeat(2 ** 20)],
    ['100000 empty lines', '\n'.repeat(100_000)],
  ])('are read however odd: %s', (_name, text) => {
    expect(parseLayout(text).rows.length).toBeLessThanOrEqual(1);
  });

  test('are cut into cells as far as the thousandth row: no board takes more than 240', () => {
    const { rows } = parseLayout('P\t1\n'.repeat(2 ** 18));
    expect(rows).toHaveLength(2 ** 18);
    expect(rows.findIndex(({ opt }) => opt === undefined)).toBe(1000);
  });

  test('keep their columns behind a byte order mark', () => {
    const layout = parseLayout(decodeLayout(Uint8Array.of(0xef, 0xbb, 0xbf, 0x50, 0x09, 0x31)));
    expect(layout.bom).toBe('\uFEFF');
    expect(layout.rows[0]?.cells.id).toEqual({ text: '1', column: 3, endColumn: 4 });
  });
});
