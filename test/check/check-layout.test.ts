import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkLayout } from '../../src/check/check-layout.ts';
import type { FileFacts } from '../../src/check/file-facts.ts';
import { layoutBlob } from '../../src/layout/blob.ts';
import { decodeLayout, parseLayout } from '../../src/layout/parse.ts';
import { FIELDS } from '../../src/layout/row.ts';
import { parseFlashLayout } from '../../src/simulator/uboot/layout-parser.ts';
import type { Family } from '../../src/stm32/chips.ts';
import { brokenLayout } from './boards.ts';
import { factsOfAll, imagesFor } from './files.ts';

const errorsIn = (text: string) => checkLayout(parseLayout(text)).filter(({ severity }) => severity === 'error');

/** Rows that are nearly right: words that U-Boot knows, beside words that it does not. */
const word = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      'P',
      '-',
      'PED',
      '0x10',
      '0x04',
      'rootfs',
      'fsbl1',
      'Binary',
      'FIP',
      'FileSystem',
      'RawImage',
      'mmc0',
      'mmc1',
      'nor0',
      'none',
      'boot1',
      '0x4400',
      '0x80000',
      'a.bin',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'E',
      'p',
      '010',
      '17',
      '5h',
      '0xF1',
      'Binary(2)',
      'Binary(',
      'mmc',
      'mmc10',
      '17K',
      'boot0',
      'a b',
      ' ',
      '#',
      'é',
      '"',
      '\r',
    ),
  },
);
const orderly = fc
  .tuple(
    fc.constantFrom('P', '-', 'PED', 'E', 'p'),
    fc.constantFrom('0x01', '0x04', '0x10', '0x11', '0x00', '5h', '010'),
    fc.constantFrom('fsbl1', 'rootfs', 'abcdefghijklmnopq', 'a;b'),
    fc.constantFrom('Binary', 'FIP', 'System', 'RawImage', 'Binary(2)', 'Binary(', 'Foo'),
    fc.constantFrom('none', 'mmc0', 'mmc1', 'nand0', 'ram0', 'mmc', 'sata0'),
    fc.constantFrom('0x0', '0x4400', '0x80000', 'boot1', 'boot3', '17K', '44400'),
    fc.constantFrom('none', 'a.bin'),
  )
  .map((cells) => [...cells] as string[]);
const layoutTexts = fc
  .array(fc.oneof(orderly, fc.array(word, { minLength: 1, maxLength: 9 })), { minLength: 1, maxLength: 8 })
  .map((rows) => rows.map((cells) => `${cells.join('\t')}\n`).join(''));

describe('a check', () => {
  test('says something about any bytes, and points into them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2048 }), (bytes) => {
        const layout = parseLayout(decodeLayout(bytes));
        for (const { line, column, endColumn, message } of checkLayout(layout)) {
          expect(line).toBeLessThanOrEqual(Math.max(1, layout.lines.length));
          expect(column).toBeGreaterThanOrEqual(1);
          expect(endColumn).toBeGreaterThanOrEqual(column);
          expect(message).toMatch(/^[^\p{Cc}]+$/u);
        }
      }),
    );
  });

  test('finds an error in every row with a cell that cannot be read', () => {
    fc.assert(
      fc.property(layoutTexts, (text) => {
        const layout = parseLayout(text);
        const wrong = new Set(
          checkLayout(layout)
            .filter(({ severity }) => severity === 'error')
            .map(({ line }) => line),
        );
        for (const row of layout.rows) {
          if (FIELDS.some((field) => row[field] === undefined)) expect(wrong).toContain(row.line);
        }
      }),
    );
  });

  test('finds an error in everything that U-Boot would refuse', () => {
    fc.assert(
      fc.property(layoutTexts, (text) => {
        const { bytes } = layoutBlob(parseLayout(text), { header: false });
        if ('rows' in parseFlashLayout(bytes, bytes.length)) return;
        const aboutWhatIsThere = errorsIn(text).filter(
          ({ ruleId }) => !/^missing-.*-phase$|^boot-row-order$/.test(ruleId),
        );
        expect(aboutWhatIsThere).not.toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('tells one mistake once: a cell with a finding is unknown to later rules', () => {
    const text = brokenLayout('sd', { 5: 'P 0x05 fsbl2 Binary mmc0 44400 fsbl.stm32' });
    expect(errorsIn(text).map(({ ruleId }) => ruleId)).toEqual(['offset-no-prefix']);
  });

  test('draws no conclusion from what is missing while a row cannot be read', () => {
    const text = brokenLayout('raw', { 2: '- 0x01 fsbl-boot Binary none' });
    expect(errorsIn(text).map(({ ruleId }) => ruleId)).toEqual(['missing-column']);
  });

  test('ends with what is wrong with the whole file', () => {
    expect(errorsIn('Opt\tId\tName\nX\n').map(({ ruleId }) => ruleId)).toEqual(['header-without-hash']);
  });

  test('goes on behind a byte order mark', () => {
    const text = `\uFEFF${brokenLayout('sd', { 5: 'P 5h fsbl2 Binary mmc0 0x00044400 fsbl.stm32' })}`;
    expect(checkLayout(parseLayout(text)).map(({ ruleId }) => ruleId)).toEqual(
      expect.arrayContaining(['bom', 'id-syntax']),
    );
  });

  test('gives its findings from top to bottom', () => {
    const found = checkLayout(
      parseLayout(brokenLayout('sd', { 4: 'X 5h a b c d', 9: null, 12: 'p 0x11 r Foo mmc 5K none' })),
    );
    const places = found.map(({ line, column }) => line * 1000 + column);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places.length).toBeGreaterThan(4);
  });

  test('knows findings about files from those about the text', async () => {
    const files = await factsOfAll({ ...imagesFor('mp15'), 'sdcard.img': new Uint8Array() });
    const found = checkLayout(parseLayout(brokenLayout('raw', { 3: null })), { files });
    expect(found.map(({ ruleId, aboutFile }) => [ruleId, aboutFile])).toEqual([
      ['missing-ssbl-phase', false],
      ['binary-empty', true],
    ]);
  });

  test('leaves files alone that are not sent', async () => {
    const edits = {
      11: '- 0x10 bootfs System mmc0 0x00984400 gone.ext4',
      12: 'PE 0x11 rootfs FileSystem mmc0 0x04984400 gone.ext4',
    };
    const files = new Map<string, FileFacts>(await factsOfAll(imagesFor('mp15')));
    files.set('gone.ext4', { problem: 'missing', reason: 'gone.ext4 does not exist' });
    const found = checkLayout(parseLayout(brokenLayout('sd', edits)), { files });
    expect(found.filter(({ line, aboutFile }) => aboutFile && line >= 11)).toEqual([]);
  });

  test.each([
    ['any', 'warning'],
    ['phaseline', 'error'],
  ] as const)('for the tool %s makes a phase without a file a %s', (tool, severity) => {
    const text = brokenLayout('raw', { 4: 'P 0x10 sdcard RawImage mmc0 0x0 none' });
    expect(checkLayout(parseLayout(text), { tool })).toMatchObject([{ ruleId: 'programmed-none', severity }]);
  });

  test('for phaseline never hides an error behind a warning', () => {
    const text = brokenLayout('sd', { 5: 'P 010 fsbl2 Binary mmc0 0x00044400 fsbl.stm32' });
    const rules = (tool: 'any' | 'phaseline') => checkLayout(parseLayout(text), { tool }).map(({ ruleId }) => ruleId);
    expect(rules('any')).not.toContain('id-duplicate');
    expect(rules('phaseline')).toEqual(expect.arrayContaining(['id-octal', 'id-duplicate']));
  });

  test('for phaseline says that a file is missing even when its name is odd', () => {
    const text = brokenLayout('raw', { 4: 'P 0x10 sdcard RawImage mmc0 0x0 /gone/sdcard.img' });
    const files = new Map([['/gone/sdcard.img', { problem: 'missing', reason: 'it does not exist' } as const]]);
    expect(checkLayout(parseLayout(text), { files, tool: 'phaseline' }).map(({ ruleId }) => ruleId)).toContain(
      'binary-missing',
    );
    expect(checkLayout(parseLayout(text), { files }).map(({ ruleId }) => ruleId)).toEqual(['binary-absolute-path']);
  });
});

describe('the layouts of this project', () => {
  const folder = new URL('../../layouts/', import.meta.url);
  const names = readdirSync(folder);
  const familyOf = (name: string) => /stm32(mp\d\d)/.exec(name)?.[1] as Extract<Family, 'mp13' | 'mp15' | 'mp25'>;

  test.each(names)('%s has no error and no warning, with files and without', async (name) => {
    const layout = parseLayout(decodeLayout(readFileSync(new URL(name, folder))), name);
    const files = await factsOfAll(imagesFor(familyOf(name)));
    const found = [...checkLayout(layout), ...checkLayout(layout, { files, tool: 'phaseline' })];
    expect(found.filter(({ severity }) => severity !== 'info')).toEqual([]);
  });

  test('name only files that a build makes', () => {
    const known = new Set(['none', ...Object.keys(imagesFor('mp15'))]);
    for (const name of names) {
      for (const { binary } of parseLayout(decodeLayout(readFileSync(new URL(name, folder)))).rows)
        expect(known).toContain(binary);
    }
  });
});
