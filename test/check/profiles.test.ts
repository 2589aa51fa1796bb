import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkLayout } from '../../src/check/check-layout.ts';
import { PROFILES, type Profile, SILENT } from '../../src/check/profiles.ts';
import { REFERENCE_BOARDS } from '../../src/check/reference-boards.ts';
import { RULES } from '../../src/check/registry.ts';
import { parseDevice } from '../../src/layout/device.ts';
import { decodeLayout, parseLayout } from '../../src/layout/parse.ts';
import { brokenLayout } from './boards.ts';

function errorsOf(file: string, profile: Profile): readonly string[] {
  const bytes = readFileSync(new URL(`fixtures/corpus/${file}`, import.meta.url));
  const errors = checkLayout(parseLayout(decodeLayout(bytes), file), { profile });
  return errors.filter(({ severity }) => severity === 'error').map(({ ruleId }) => ruleId);
}

describe('a profile', () => {
  test.each([
    ['prgfw-util', 'prgfw-stm32mp13xx-4754c5d.tsv'],
    ['prgfw-util', 'prgfw-stm32mp15xx-7342732.tsv'],
    ['prgfw-util', 'chcbaram-flash-fsbl-3b575c2.tsv'],
    ['bare-metal', 'js216-mp257-bootloader.tsv'],
    ['template', 'bootlin-flash-0d0efae.tsv'],
    ['template', 'lmp-stm32mp1-optee-1c86025.tsv'],
    ['template', 'lmp-stm32mp1-trusted-7735a39.tsv'],
    ['template', 'octavo-osd32mp1-fip-tmpl.tsv'],
    ['template', 'octavo-osd32mp1-sdcard-tmpl.tsv'],
  ] as const)('%s takes the real layout %s', (profile, file) => {
    expect(errorsOf(file, profile)).toEqual([]);
  });

  test.each([
    ['prgfw-stm32mp13xx-4754c5d.tsv', ['ip-none-selected']],
    ['octavo-osd32mp1-fip-tmpl.tsv', expect.arrayContaining(['binary-placeholder'])],
  ])('for U-Boot refuses what others take: %s', (file, rules) => {
    expect(errorsOf(file, 'uboot')).toEqual(rules);
  });

  test('bare-metal wants no second stage beside an FSBL on storage', () => {
    const layout = parseLayout(brokenLayout('sd', { 3: null, 8: null, 9: null }));
    const rules = (profile: Profile) => checkLayout(layout, { profile }).map(({ ruleId }) => ruleId);
    expect(rules('uboot')).toEqual(expect.arrayContaining(['missing-ssbl-phase', 'fip-missing']));
    expect(rules('bare-metal').filter((id) => /missing/.test(id))).toEqual([]);
  });

  test('template still sees what no token can mend', () => {
    const text = brokenLayout('raw', { 4: 'P 0xF1 @@NAME@@ RawImage %DEV% 0x0 <IMAGE>' });
    expect(checkLayout(parseLayout(text), { profile: 'template' }).map(({ ruleId }) => ruleId)).toEqual([
      'id-out-of-range',
    ]);
  });

  test('silences rules that exist', () => {
    const ids = RULES.map(({ id }) => id);
    for (const profile of PROFILES) for (const id of SILENT[profile]) expect(ids).toContain(id);
  });
});

describe('a reference board', () => {
  test.each(REFERENCE_BOARDS)('$name has devices that a layout can name', ({ devices }) => {
    for (const name of Object.keys(devices)) expect(parseDevice(name)).toBeDefined();
  });

  test('tells the size of its NOR flash, and --device-size goes before it', () => {
    const board = REFERENCE_BOARDS.find(({ name }) => name === 'stm32mp157c-ev1');
    const layout = parseLayout(brokenLayout('nor', { 7: 'PE 0x07 rest Binary nor0 0x04000000 none' }));
    const rules = (devices = new Map()) =>
      checkLayout(layout, { devices, ...(board && { board }) }).map(({ ruleId }) => ruleId);
    expect(rules()).toContain('offset-beyond-device');
    expect(rules(new Map([['nor0', { sizeBytes: 2 ** 27 }]]))).not.toContain('offset-beyond-device');
  });
});
