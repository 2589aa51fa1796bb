/** docs/simulator.md is true: its tables are those of the code, and its example runs. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { FAULT_FORMS, parseFault } from '../../src/simulator/faults/parse.ts';
import type { BoardSettings } from '../../src/simulator/hardware.ts';
import { BOARD_PROFILES } from '../../src/simulator/profiles.ts';
import { DEFAULT_SETTINGS, REAL_SPEED } from '../../src/simulator/settings.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const PAGE = readFileSync(join(ROOT, 'docs/simulator.md'), 'utf8');

/** The rows of the table whose first column has that head. */
function table(head: string): string[][] {
  const lines = PAGE.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${head} |`));
  const rows = lines.slice(start + 2);
  return rows
    .slice(
      0,
      rows.findIndex((line) => !line.startsWith('|')),
    )
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replace(/^`(.*)`$/, '$1')),
    );
}

describe('docs/simulator.md', () => {
  test('has every fault of the language, and no other', () => {
    expect(table('fault')).toEqual(
      Object.values(FAULT_FORMS).map(({ form, example, meaning }) => [form, example, meaning]),
    );
  });

  test.each(Object.entries(FAULT_FORMS))('shows an example of %s that can be read', (name, { example }) => {
    expect(example.split(' ')[0]).toBe(name);
    expect(parseFault(example)).toHaveProperty('kind');
  });

  test('has every board with its media', () => {
    expect(table('board')).toEqual(
      BOARD_PROFILES.map(({ name, chip, storage }) => [
        name,
        chip.name,
        [...Object.keys(storage.mmc).map((digit) => `mmc${digit}`), ...Object.keys(storage.mtd)].join(', '),
      ]),
    );
  });

  test('has every setting with its usual value and the one of hardware', () => {
    const shown = (value: unknown, cell: string | undefined) =>
      typeof value === 'number' && cell?.startsWith('0x')
        ? `0x${value.toString(16).toUpperCase().padStart(2, '0')}`
        : value;
    const rows = table('setting');
    expect(rows.map(([name]) => name)).toEqual(Object.keys(DEFAULT_SETTINGS));
    for (const [name, usual, real] of rows) {
      const value = DEFAULT_SETTINGS[name as keyof BoardSettings];
      if (typeof value !== 'object' && value !== undefined)
        expect([name, usual]).toEqual([name, `${shown(value, usual)}`]);
      expect([name, real]).toEqual([name, `${REAL_SPEED[name as keyof BoardSettings] ?? ''}`]);
    }
  });

  test('names for everything unverified a setting or a part of the profile that exists', () => {
    const chip = BOARD_PROFILES[0]?.chip ?? {};
    const storage = BOARD_PROFILES[0]?.storage ?? {};
    const known = [
      ...Object.keys(DEFAULT_SETTINGS),
      ...Object.keys(chip).map((name) => `chip.${name}`),
      ...Object.keys(storage).map((name) => `storage.${name}`),
    ];
    const rows = table('fact');
    expect(rows.length).toBeGreaterThan(10);
    for (const [fact, , setBy = ''] of rows) {
      const names = setBy.split(',').map((name) => name.trim().replaceAll('`', ''));
      expect({ fact, unknown: names.filter((name) => !known.includes(name)) }).toEqual({ fact, unknown: [] });
    }
  });

  test('names no setting as unverified in the code that its table leaves out', () => {
    const source = readFileSync(join(ROOT, 'src/simulator/hardware.ts'), 'utf8');
    const marked = [...source.matchAll(/\/\*\*(?:(?!\*\/).)*unverified(?:(?!\*\/).)*\*\/\s*readonly (\w+)/gs)].map(
      ([, name]) => name as string,
    );
    expect(marked).toContain('romAttributes');
    const listed = table('fact').map(([, , setBy]) => setBy);
    expect(marked.filter((name) => !listed.join().includes(name))).toEqual([]);
  });
});

describe('the example for programs', () => {
  const folder = mkdtempSync(join(ROOT, 'test/simulator/.example-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('ends as the page says', async () => {
    const code = /```ts\n([\s\S]*?)```/.exec(PAGE)?.[1] ?? '';
    const runnable = code
      .replace("'phaseline'", `'${ROOT}/src/index.ts'`)
      .replace("'phaseline/simulator'", `'${ROOT}/src/simulator/index.ts'`)
      .replace('const clock', `const fsbl = makeFsbl({ family: 'mp15' });\nconst clock`)
      .replace('const result', 'export const result');
    const file = join(folder, 'example.ts');
    writeFileSync(file, `import { makeFsbl } from '${ROOT}/test/image/make.ts';\n${runnable}`);
    const { result } = await import(/* @vite-ignore */ file);
    expect(result).toMatchObject({ ok: false, code: 'board/lost', exitCode: 7 });
    expect(result.seconds).toBeGreaterThan(15);
    expect(result.seconds).toBeLessThan(18);
  });
});
