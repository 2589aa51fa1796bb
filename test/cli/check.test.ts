import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { brokenLayout } from '../check/boards.ts';
import { imagesFor } from '../check/files.ts';
import { makeGptImage, makePattern, makeSparseHole } from '../image/make.ts';
import { type Captured, cli, folderWith } from './harness.ts';

const GOOD = brokenLayout('raw');
const BAD = brokenLayout('raw', { 4: 'P 0x10 sdcard RawImage mmc0 none sdcard.img' });
const WARNED = brokenLayout('raw', { 4: 'PP 0x10 sdcard RawImage mmc0 0x0 sdcard.img' });
const FILES = { 'good.tsv': GOOD, 'bad.tsv': BAD, 'warned.tsv': WARNED, ...imagesFor('mp15') };

function check(cwd: string, ...args: readonly string[]): Promise<Captured> {
  return cli(['check', ...args], { cwd });
}

interface Found {
  readonly files: readonly {
    readonly path: string;
    readonly families?: readonly string[];
    readonly familyFrom?: string | null;
    readonly diagnostics: readonly Readonly<Record<string, unknown>>[];
  }[];
  readonly summary: object;
}

async function found(cwd: string, ...args: readonly string[]): Promise<Found> {
  const { stdout } = await check(cwd, '--json', ...args);
  return JSON.parse(stdout);
}

async function rulesFound(cwd: string, ...args: readonly string[]): Promise<readonly string[]> {
  const { files } = await found(cwd, ...args);
  return files.flatMap(({ diagnostics }) => diagnostics.map(({ ruleId }) => String(ruleId)));
}

describe('the exit code', () => {
  test.each([
    ['of a good layout is 0', ['good.tsv'], 0],
    ['of one with an error is 3', ['bad.tsv'], 3],
    ['of a good and a bad one is 3', ['good.tsv', 'bad.tsv'], 3],
    ['of one with a warning is 0', ['warned.tsv'], 0],
    ['of one with a warning is 3 with --strict', ['warned.tsv', '--strict'], 3],
    ['of a layout that does not exist is 3', ['gone.tsv'], 3],
    ['without a layout is 2', [], 2],
    ['of a pattern that matches nothing is 2', ['x*.tsv'], 2],
    ['of two formats is 2', ['good.tsv', '--json', '--format', 'sarif'], 2],
    ['of a format that does not exist is 2', ['good.tsv', '--format', 'xml'], 2],
    ['of a board that does not exist is 2', ['good.tsv', '--board', 'arduino'], 2],
    ['of a device without a size is 2', ['good.tsv', '--device-size', 'mmc0'], 2],
    ['of a size that is none is 2', ['good.tsv', '--erase-size', 'mmc0=big'], 2],
    ['of a size of half a sector is 2', ['good.tsv', '--erase-size', 'mmc0=256'], 2],
    ['of a rule that does not exist is 2', ['--explain', 'offset-sintax'], 2],
    ['of --write alone is 2', ['good.tsv', '--write'], 2],
  ])('%s', async (_what, args, exitCode) => {
    expect((await check(folderWith(FILES), ...args)).exitCode).toBe(exitCode);
  });
});

describe('what is known beside the text', () => {
  const emmc = brokenLayout('emmc');

  test.each([
    ['--family', ['--family', 'mp13'], 'layout.tsv', ['mp13'], 'option'],
    ['--board', ['--board', 'stm32mp157c-ev1'], 'layout.tsv', ['mp15'], 'board'],
    ['the name', [], 'stm32mp257f.tsv', ['mp25'], 'layout-name'],
    ['the header of the FSBL', [], 'layout.tsv', ['mp15'], 'fsbl-header'],
    ['nothing', ['--no-files'], 'layout.tsv', [], null],
  ])('the family comes from %s, and the output says so', async (_what, args, name, families, familyFrom) => {
    const cwd = folderWith({ ...FILES, [name]: GOOD });
    expect((await found(cwd, name, ...args)).files[0]).toMatchObject({ families, familyFrom });
    const { stdout } = await check(cwd, name, ...args);
    expect(stdout.split('\n')[0]).toMatch(
      families[0] === undefined ? /nothing tells/ : new RegExp(`: for ${families[0]}, `),
    );
  });

  test.each([
    ['a device that is too small', ['--device-size', 'mmc1=64M'], 'offset-beyond-device'],
    ['an erase group that is larger', ['--erase-size', 'mmc1=4M'], 'offset-unaligned-erase-group'],
    ['several sizes in one word', ['--device-size', 'mmc0=8G,mmc1=64M'], 'offset-beyond-device'],
    ['a board without an eMMC', ['--board', 'stm32mp157c-dk2'], 'ip-not-on-board'],
  ])('%s is an error or a warning', async (_what, args, rule) => {
    const cwd = folderWith({ ...FILES, 'emmc.tsv': emmc });
    expect(await rulesFound(cwd, 'emmc.tsv')).not.toContain(rule);
    expect(await rulesFound(cwd, 'emmc.tsv', ...args)).toContain(rule);
  });

  test('a profile silences what is right there', async () => {
    const cwd = folderWith({ 'util.tsv': 'P\t0x01\tFSBL\tBinary\tnone\t0x0\tutil.stm32\n' });
    expect(await rulesFound(cwd, 'util.tsv', '--no-files')).toContain('ip-none-selected');
    expect(await rulesFound(cwd, 'util.tsv', '--no-files', '--profile', 'prgfw-util')).toEqual([]);
  });

  test('--tool phaseline makes an error of what phaseline cannot do', async () => {
    const cwd = folderWith({
      ...FILES,
      'layout.tsv': brokenLayout('raw', { 4: 'P 0x10 card RawImage mmc0 0x0 none' }),
    });
    expect((await check(cwd, 'layout.tsv')).exitCode).toBe(0);
    expect((await check(cwd, 'layout.tsv', '--tool', 'phaseline')).exitCode).toBe(3);
  });

  describe('--tool phaseline takes what phaseline unpacks, and judges what comes out of it:', () => {
    const raw = (name: string) => brokenLayout('raw', { 4: `P 0x10 sdcard RawImage mmc0 0x0 ${name}` });
    const env = brokenLayout('sd', { 10: 'P 0x0A u-boot-env ENV mmc0 0x00904400 env.gz' });
    const phaseline = ['--tool', 'phaseline'] as const;

    test.each([
      ['a compressed disk', raw('disk.gz'), { 'disk.gz': gzipSync(makeGptImage()) }, [], 'error binary-compressed'],
      [
        'a compressed file without a GPT',
        raw('disk.gz'),
        { 'disk.gz': gzipSync(makePattern(4096)) },
        ['warning rawimage-no-gpt'],
        'error binary-compressed',
      ],
      [
        'a sparse image',
        raw('disk.simg'),
        { 'disk.simg': makeSparseHole() },
        ['warning rawimage-no-gpt'],
        'error binary-sparse',
      ],
      ['a file that fits exactly', env, { 'env.gz': gzipSync(new Uint8Array(0x80000)) }, [], 'error binary-compressed'],
      [
        'a file that is a byte too large',
        env,
        { 'env.gz': gzipSync(new Uint8Array(0x80001)) },
        ['error binary-too-big'],
        'error binary-compressed',
      ],
    ])('%s', async (_what, layout, files, expected, otherwise) => {
      const cwd = folderWith({ ...FILES, ...files, 'layout.tsv': layout });
      const serious = async (...args: readonly string[]) =>
        ((await found(cwd, 'layout.tsv', ...args)).files[0]?.diagnostics ?? [])
          .filter(({ severity }) => severity !== 'info')
          .map(({ severity, ruleId }) => `${severity} ${ruleId}`);
      expect(await serious(...phaseline)).toEqual(expected);
      expect(await serious()).toEqual([otherwise]);
    });
  });

  test('--no-files leaves the files alone', async () => {
    const cwd = folderWith({ 'good.tsv': GOOD });
    expect(await rulesFound(cwd, 'good.tsv')).toContain('binary-missing');
    expect(await rulesFound(cwd, 'good.tsv', '--no-files')).toEqual([]);
  });
});

describe('the layouts', () => {
  test('of a folder are all *.tsv below it, but those of node_modules', async () => {
    const cwd = folderWith({ 'a.tsv': GOOD, 'notes.txt': 'x' });
    for (const folder of ['sub/deep', 'node_modules/x']) mkdirSync(join(cwd, folder), { recursive: true });
    writeFileSync(join(cwd, 'sub/deep/b.tsv'), BAD);
    writeFileSync(join(cwd, 'node_modules/x/c.tsv'), BAD);
    const { files } = await found(cwd, '.', '--no-files');
    expect(files.map(({ path }) => path)).toEqual(['a.tsv', 'sub/deep/b.tsv']);
  });

  test('that are named twice are checked once', async () => {
    const cwd = folderWith(FILES);
    expect((await found(cwd, 'good.tsv', '*.tsv', 'good.tsv')).files.map(({ path }) => path)).toEqual([
      'good.tsv',
      'bad.tsv',
      'warned.tsv',
    ]);
  });

  test('whose names look like patterns are taken by their names', async () => {
    const cwd = folderWith({ 'a[1].tsv': GOOD, 'a1.tsv': BAD });
    expect((await found(cwd, 'a[1].tsv', '--no-files')).files.map(({ path }) => path)).toEqual(['a[1].tsv']);
  });
});

describe('phaseline.config.json', () => {
  const config = (rules: object) => ({ 'phaseline.config.json': JSON.stringify({ rules }, null, 2) });

  test('sets severities for the layouts below it', async () => {
    const cwd = folderWith({ ...FILES, ...config({ 'offset-none': 'warning', 'opt-repeated-letter': 'off' }) });
    expect((await check(cwd, 'bad.tsv')).exitCode).toBe(0);
    expect((await check(cwd, 'bad.tsv')).stdout).toContain('warning offset-none');
    expect(await rulesFound(cwd, 'warned.tsv', '--no-files')).toEqual([]);
  });

  test('counts only the nearest one', async () => {
    const cwd = folderWith(config({ 'opt-repeated-letter': 'off' }));
    mkdirSync(join(cwd, 'sub'));
    writeFileSync(join(cwd, 'sub/warned.tsv'), WARNED);
    expect(await rulesFound(cwd, 'sub', '--no-files')).toEqual([]);
    writeFileSync(join(cwd, 'sub/phaseline.config.json'), '{}');
    expect(await rulesFound(cwd, 'sub', '--no-files')).toEqual(['opt-repeated-letter']);
  });

  test('with an id that does not exist is a finding at its place', async () => {
    const cwd = folderWith({ ...FILES, ...config({ 'offset-none': 'error', 'ofset-none': 'off' }) });
    const { files } = await found(cwd, 'good.tsv');
    expect(files[0]).toMatchObject({
      path: 'phaseline.config.json',
      diagnostics: [
        { ruleId: 'unknown-rule', severity: 'warning', line: 4, column: 5, endColumn: 17, help: 'write offset-none' },
      ],
    });
    const { stdout } = await check(cwd, 'good.tsv');
    expect(stdout).toContain('phaseline.config.json:4:5: warning unknown-rule: "ofset-none" is no rule');
    expect(stdout).toContain('    "ofset-none": "off"');
  });

  test.each([
    ['no JSON', '{"rules": {', /:1:12: the configuration is no JSON/],
    ['a severity that is none', '{"rules": {\n"bom": "loud"}}', /:2:1: the configuration sets "bom" to "loud"/],
    ['another setting', '{"rule": {}}', /:1:2: the configuration has no setting "rule"/],
    ['rules that are a list', '{"rules": []}', /has no object behind "rules"/],
    ['a number', '4', /is not an object/],
  ])('with %s ends the job with exit 2 and its place', async (_what, text, message) => {
    const { exitCode, stdout, stderr } = await check(
      folderWith({ ...FILES, 'phaseline.config.json': text }),
      'good.tsv',
    );
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect(stderr).toContain('[usage/config]');
  });
});

test('--explain tells what docs/lint-rules.md tells', async () => {
  const { stdout, exitCode } = await check('.', '--explain', 'trailing-tab');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^### trailing-tab\n\nwarning: a TAB at the end of a row\n/);
});
