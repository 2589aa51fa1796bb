import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkLayout } from '../../src/check/check-layout.ts';
import { correctLayout } from '../../src/check/correct.ts';
import type { FileFacts } from '../../src/check/file-facts.ts';
import { RULES } from '../../src/check/registry.ts';
import type { CheckContext } from '../../src/check/subject.ts';
import { decodeLayout, parseLayout } from '../../src/layout/parse.ts';
import { FIELDS } from '../../src/layout/row.ts';
import { BOARDS, type BoardName, brokenLayout } from './boards.ts';

const corrected = (text: string, context: CheckContext = {}) => correctLayout(parseLayout(text), context);
const boards = fc.constantFrom(...(Object.keys(BOARDS) as BoardName[])).map((board) => brokenLayout(board));

/** Ways to spoil a line that have only one way back. */
const ROW_FAULTS: Readonly<Record<string, (row: string) => string>> = {
  none: (row) => row,
  spaces: (row) => row.replaceAll('\t', '   '),
  'one space': (row) => row.replace(/\t(?=[^\t]*$)/, ' '),
  'a trailing TAB': (row) => `${row}\t\t`,
  'a small option': (row) => row.replace(/^[PED]+/, (opt) => opt.toLowerCase()),
  'a type in capitals': (row) =>
    row.replace(/\b(Binary|FIP|System|FileSystem|RawImage|ENV)\b/, (type) => type.toUpperCase()),
};
const rowFault = fc.constantFrom(...Object.keys(ROW_FAULTS));

describe('correcting a layout', () => {
  test('brings back what it was before it was spoilt', () => {
    fc.assert(
      fc.property(
        boards,
        fc.array(rowFault, { minLength: 11, maxLength: 11 }),
        fc.record({ bom: fc.constantFrom('', '\uFEFF', '\uFEFF\uFEFF'), crlf: fc.boolean(), bareHeader: fc.boolean() }),
        (text, faults, { bom, crlf, bareHeader }) => {
          const [header = '', ...rows] = text.trimEnd().split('\n');
          const spoilt = [
            bareHeader ? header.slice(1) : header,
            ...rows.map((row, index) => (ROW_FAULTS[faults[index] ?? 'none'] as (row: string) => string)(row)),
          ];
          const end = crlf ? '\r\n' : '\n';
          const given = `${bom}${spoilt.map((line) => line + end).join('')}`;
          expect(corrected(given).text).toBe(text);
        },
      ),
    );
  });

  const anything = fc.string({
    unit: fc.constantFrom(
      '\t',
      '\t',
      ' ',
      '\n',
      '\r\n',
      '#',
      'P',
      'p',
      '0x10',
      '0x4401',
      'a',
      'mmc0',
      'binary',
      'System',
      'none',
      'Opt',
      'Id',
      '\uFEFF',
    ),
    maxLength: 120,
  });

  test('of any text ends, and finds nothing more to do the second time', () => {
    fc.assert(
      fc.property(fc.oneof(anything, boards), (text) => {
        const once = corrected(text).text;
        expect(corrected(once)).toEqual({ text: once, ruleIds: [] });
      }),
      { numRuns: 300 },
    );
  });

  test('never changes a cell that could be read, nor a comment, nor the number of lines', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const [before, after] = [parseLayout(text), parseLayout(corrected(text).text)];
        expect(after.lines.length).toBe(before.lines.length);
        for (const { number, kind, text: comment } of before.lines) {
          if (kind === 'comment') expect(after.lines[number - 1]?.text).toBe(comment);
        }
        for (const row of before.rows) {
          if (FIELDS.some((field) => row.cells[field] === undefined)) continue;
          const now = after.rows.find(({ line }) => line === row.line);
          for (const field of FIELDS) {
            // An address within a sector is the one value that is moved.
            if (row[field] !== undefined && field !== 'offset' && now) expect(now[field]).toEqual(row[field]);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test('never adds an error', () => {
    fc.assert(
      fc.property(fc.oneof(anything, boards), (text) => {
        const errors = (given: string) =>
          checkLayout(parseLayout(given)).filter(({ severity }) => severity === 'error');
        const before = errors(text);
        // Behind a fault of the whole file nothing was looked at.
        if (before.some(({ ruleId }) => RULES.find(({ id }) => id === ruleId)?.spoils === 'file')) return;
        const { text: after, ruleIds } = corrected(text);
        if (!ruleIds.some((id) => id === 'spaces-instead-of-tabs' || id === 'missing-column')) {
          expect(errors(after).length).toBeLessThanOrEqual(before.length);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('makes the real layouts no worse for U-Boot’s rules', () => {
    const folder = new URL('fixtures/corpus/', import.meta.url);
    for (const name of readdirSync(folder)) {
      const layout = parseLayout(decodeLayout(readFileSync(new URL(name, folder))), name);
      const { text } = correctLayout(layout);
      const before = new Set(checkLayout(layout).map(({ ruleId }) => ruleId));
      const added = checkLayout(parseLayout(text, name)).filter(
        ({ ruleId, severity }) => severity === 'error' && !before.has(ruleId),
      );
      // A row that could not be read may hold anything.
      if (!before.has('spaces-instead-of-tabs') && !before.has('missing-column')) expect(added, name).toEqual([]);
    }
  });

  test.each([
    ['words that do not fit their columns', 'P 0x10 my rootfs FileSystem mmc0 0x00984400'],
    ['eight words', 'P 0x10 rootfs FileSystem mmc0 0x00984400 rootfs.ext4 1'],
  ])('leaves a row of %s alone', (_what, row) => {
    const text = `#Opt\n${row}\n`;
    expect(corrected(text)).toEqual({ text, ruleIds: [] });
  });

  test('leaves a file alone that holds an unfinished merge', () => {
    const text = brokenLayout('raw', { 4: '\t<<<', 5: '\tx' })
      .replace('\t<<<', '<<<<<<< HEAD')
      .replaceAll('\n', '\r\n');
    expect(corrected(text)).toEqual({ text, ruleIds: [], conflict: 'line 4 is the mark of an unfinished merge' });
  });

  test('leaves alone what is switched off for the line', () => {
    const text = brokenLayout('raw', {
      5: '# phaseline-disable-next-line trailing-tab',
      6: 'PE\t0x11\ta\tENV\tmmc1\t0x80000\tnone\t',
    });
    expect(corrected(text).text).toBe(text);
  });
});

describe('an address within a sector', () => {
  const sized = (bytes: number): ReadonlyMap<string, FileFacts> =>
    new Map([['fsbl.stm32', { path: 'fsbl.stm32', sizeBytes: bytes, content: { kind: 'unknown' } }]]);
  const row = (offset: string) => `P\t0x04\tfsbl1\tBinary\tmmc0\t${offset}\tfsbl.stm32`;

  test.each([
    ['moves to the next sector', '0x00004401', 1000, '0x00004600'],
    ['moves when the file still fits exactly', '0x00044001', 0x200, '0x00044200'],
    ['stays when the file would not fit any more', '0x00044001', 0x201, '0x00044001'],
    ['stays when nothing would be left in front of the next partition', '0x00044201', 1, '0x00044201'],
  ])('%s', (_what, offset, fileBytes, wanted) => {
    const text = brokenLayout('sd', { 4: row(offset) });
    const { text: after } = corrected(text, { files: sized(fileBytes) });
    expect(after).toBe(brokenLayout('sd', { 4: row(wanted) }));
  });
});
