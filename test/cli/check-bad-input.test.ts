import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { brokenLayout } from '../check/boards.ts';
import { imagesFor } from '../check/files.ts';
import { makeExt4, makeFsbl, makeGptImage } from '../image/make.ts';
import { type Captured, cli, folderWith } from './harness.ts';

const MIB = 2 ** 20;
const GIB = 2 ** 30;

function check(cwd: string, ...args: readonly string[]): Promise<Captured> {
  return cli(['check', ...args], { cwd });
}

describe('a layout of any bytes', () => {
  const FORMATS = ['text', 'json', 'sarif', 'github', 'junit'] as const;

  test('gives findings in every format, never a failure', async () => {
    const cwd = folderWith({});
    const path = join(cwd, 'layout.tsv');
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 4096 }), fc.constantFrom(...FORMATS), async (bytes, format) => {
        writeFileSync(path, bytes);
        const { exitCode, stdout, stderr } = await check(cwd, 'layout.tsv', '--format', format);
        expect([0, 3]).toContain(exitCode);
        expect(stderr).toBe('');
        if (format === 'json' || format === 'sarif') expect(() => JSON.parse(stdout)).not.toThrow();
        // biome-ignore lint/suspicious/noControlCharactersInRegex: no terminal may see one
        expect(stdout).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f]/);
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    ['line feeds', '\n'.repeat(MIB)],
    ['rows of one letter', 'a\n'.repeat(MIB / 2)],
    ['blank rows behind a row', `P\t0x10\n${'\t\n'.repeat(MIB / 2 - 8)}`],
    ['comments that switch off what does not exist', '# phaseline-disable-next-line a\n'.repeat(32_000)],
    ['one line', 'x'.repeat(MIB)],
    ['TABs', '\t'.repeat(MIB)],
    ['NULs', '\0'.repeat(MIB)],
    ['a cell of half a MiB', brokenLayout('raw', { 4: `P 0x10 ${'n'.repeat(MIB / 2)} RawImage mmc0 0x0 none` })],
    ['tokens that never end', brokenLayout('raw', { 4: `P 0x10 card RawImage mmc0 0x0 ${'<a'.repeat(MIB / 4)}` })],
  ])('of a MiB of %s is told in few words', async (_what, text) => {
    const cwd = folderWith({ 'layout.tsv': text });
    const { exitCode, stdout, stderr } = await check(cwd, 'layout.tsv');
    expect(stdout.length).toBeLessThan(24 * 1024);
    expect(stderr).toBe('');
    expect([0, 3]).toContain(exitCode);
  });

  test.each([
    ['a device', (path: string) => symlinkSync('/dev/zero', path), /is a device, not a file/],
    ['a link to nothing', (path: string) => symlinkSync('nowhere', path), /cannot be read: ENOENT/],
    ['more than a MiB', (path: string) => writeFileSync(path, 'x'.repeat(MIB + 1)), /has 1048577 bytes/],
  ])('that is %s is one finding, and the others are checked', async (_what, make, message) => {
    const cwd = folderWith({ 'good.tsv': brokenLayout('raw') });
    mkdirSync(join(cwd, 'odd'));
    make(join(cwd, 'odd', 'layout.tsv'));
    const { exitCode, stdout, stderr } = await check(cwd, 'odd/layout.tsv', 'good.tsv', '--no-files');
    expect(exitCode).toBe(3);
    expect(stderr).toBe('');
    expect(stdout).toMatch(message);
    expect(stdout).toContain('layout-unreadable');
    expect(stdout).toContain('2 layouts: 1 error');
  });
});

describe('a file of any kind', () => {
  const row = (name: string) => brokenLayout('raw', { 4: `P 0x10 sdcard RawImage mmc0 0x0 ${name}` });

  test.each([
    ['a folder', (path: string) => mkdirSync(path), 'binary-unreadable'],
    ['a device', (path: string) => symlinkSync('/dev/zero', path), 'binary-unreadable'],
    ['a link to itself', (path: string) => symlinkSync('odd.img', path), 'binary-unreadable'],
    ['nothing', () => undefined, 'binary-missing'],
  ])('that is %s is a finding', async (_what, make, rule) => {
    const cwd = folderWith({ ...imagesFor('mp15'), 'layout.tsv': row('odd.img') });
    make(join(cwd, 'odd.img'));
    const { exitCode, stdout } = await check(cwd, 'layout.tsv');
    expect(exitCode).toBe(3);
    expect(stdout).toContain(`error ${rule}`);
  });

  test('that is a device is a finding even where it is allowed', async () => {
    const cwd = folderWith({ ...imagesFor('mp15'), 'layout.tsv': row('/dev/zero') });
    expect((await check(cwd, 'layout.tsv', '--allow-outside', '--tool', 'phaseline')).stdout).toContain(
      'error binary-unreadable',
    );
  });

  test('of random bytes never fails the check', async () => {
    const cwd = folderWith({ ...imagesFor('mp15'), 'layout.tsv': row('odd.img') });
    const start = fc
      .constantFrom('', 'STM2', 'EFI PART', 'UBI#', ':\xffí', 'AÐ', '\x27\x05\x19\x56')
      .map((text) => Buffer.from(text, 'latin1'));
    await fc.assert(
      fc.asyncProperty(start, fc.uint8Array({ maxLength: 3000 }), async (head, rest) => {
        writeFileSync(join(cwd, 'odd.img'), Buffer.concat([head, rest]));
        const { exitCode, stderr } = await check(cwd, 'layout.tsv');
        expect([0, 3]).toContain(exitCode);
        expect(stderr).toBe('');
      }),
      { numRuns: 60 },
    );
  });

  test.skipIf(!existsSync('/proc/self/io'))('of 5 GiB is not read to its end', async () => {
    const heads = [makeExt4(), makeGptImage(), Buffer.from('UBI#'), makeFsbl({ family: 'mp15' }), Buffer.alloc(1)];
    const names = heads.map((_, index) => `big-${index}.img`);
    const rows = names.map(
      (name, index) =>
        `P\t0x1${index}\tp${index}\tFileSystem\tmmc0\t0x${(0x4400 + index * 8 * GIB).toString(16)}\t${name}`,
    );
    const cwd = folderWith({
      ...imagesFor('mp15'),
      'layout.tsv': `${brokenLayout('raw', { 4: null })}${rows.join('\n')}\n`,
    });
    for (const [index, name] of names.entries()) {
      const file = openSync(join(cwd, name), 'w');
      writeSync(file, heads[index] as Uint8Array);
      ftruncateSync(file, 5 * GIB);
      closeSync(file);
    }
    const bytesRead = () => Number(/rchar: (\d+)/.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
    await check(cwd, 'layout.tsv');
    const before = bytesRead();
    await check(cwd, 'layout.tsv');
    expect(bytesRead() - before).toBeLessThan((names.length + 2) * 64 * 1024);
  });
});
