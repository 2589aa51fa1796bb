import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { replaceFile } from '../../src/cli/check/replace-file.ts';
import { unifiedDiff } from '../../src/cli/check/unified-diff.ts';
import { brokenLayout } from '../check/boards.ts';
import { type Captured, cli, folderWith } from './harness.ts';

const GOOD = brokenLayout('sd');
const SPOILT = GOOD.replaceAll('\n', '\r\n').replace('FileSystem', 'Filesystem');

function check(cwd: string, ...args: readonly string[]): Promise<Captured> {
  return cli(['check', 'layout.tsv', '--no-files', ...args], { cwd });
}

describe('--fix', () => {
  test('prints a diff on stdout that patch takes, and leaves the file as it is', async () => {
    const cwd = folderWith({ 'layout.tsv': SPOILT });
    const { stdout, stderr, exitCode } = await check(cwd, '--fix');
    expect(readFileSync(join(cwd, 'layout.tsv'), 'utf8')).toBe(SPOILT);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('error type-case');
    writeFileSync(join(cwd, 'fix.diff'), stdout);
    const applied = spawnSync('git', ['apply', '-p0', 'fix.diff'], { cwd, encoding: 'utf8' });
    expect(applied.stderr).toBe('');
    expect(readFileSync(join(cwd, 'layout.tsv'), 'utf8')).toBe(GOOD);
  });

  test('with --write corrects the file and reports what is left', async () => {
    const cwd = folderWith({ 'layout.tsv': SPOILT.replace('PED', 'PXD') });
    const { stdout, stderr, exitCode } = await check(cwd, '--fix', '--write', '--json');
    expect(readFileSync(join(cwd, 'layout.tsv'), 'utf8')).toBe(GOOD.replace('PED', 'PXD'));
    expect(stderr).toBe('layout.tsv is corrected: crlf-line-endings, type-case\n');
    expect(JSON.parse(stdout).summary).toMatchObject({ errors: 1, warnings: 0 });
    expect(exitCode).toBe(3);
  });

  test('has nothing to say of a layout without fault', async () => {
    const cwd = folderWith({ 'layout.tsv': GOOD });
    const before = statSync(join(cwd, 'layout.tsv')).mtimeMs;
    expect((await check(cwd, '--fix', '--write')).stderr).toBe('');
    expect((await check(cwd, '--fix')).stdout).toBe('');
    expect(statSync(join(cwd, 'layout.tsv')).mtimeMs).toBe(before);
  });

  test.each([
    ['an unfinished merge', `${SPOILT}<<<<<<< HEAD\r\n`, /line 13 is the mark of an unfinished merge/],
    ['bytes that are not UTF-8', Buffer.concat([Buffer.from(SPOILT), Buffer.from([0x23, 0xe9, 0x0a])]), /is not UTF-8/],
  ])('does not touch a file with %s, and says so', async (_what, content, message) => {
    const cwd = folderWith({ 'layout.tsv': content });
    const { stderr } = await check(cwd, '--fix', '--write');
    expect(stderr).toMatch(message);
    expect(readFileSync(join(cwd, 'layout.tsv'))).toEqual(Buffer.from(content));
  });

  test('keeps permissions and links, and leaves nothing behind', async () => {
    const cwd = folderWith({ 'real.tsv': SPOILT });
    chmodSync(join(cwd, 'real.tsv'), 0o640);
    symlinkSync('real.tsv', join(cwd, 'layout.tsv'));
    await check(cwd, '--fix', '--write');
    expect(readFileSync(join(cwd, 'real.tsv'), 'utf8')).toBe(GOOD);
    expect(statSync(join(cwd, 'real.tsv')).mode & 0o777).toBe(0o640);
    expect(lstatSync(join(cwd, 'layout.tsv')).isSymbolicLink()).toBe(true);
    expect(readdirSync(cwd).sort()).toEqual(['layout.tsv', 'real.tsv']);
  });

  test('is refused with a format that has no place for a diff', async () => {
    const { exitCode, stderr } = await check(folderWith({ 'layout.tsv': SPOILT }), '--fix', '--format', 'sarif');
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/--fix prints a diff, not sarif/);
  });
});

describe('replacing a file', () => {
  test('is refused when it is no longer what was read', async () => {
    const cwd = folderWith({ 'layout.tsv': 'new' });
    const replaced = replaceFile(join(cwd, 'layout.tsv'), Buffer.from('old'), Buffer.from('fixed'));
    await expect(replaced).rejects.toMatchObject({ code: 'files/changed' });
    expect(readFileSync(join(cwd, 'layout.tsv'), 'utf8')).toBe('new');
    expect(readdirSync(cwd)).toEqual(['layout.tsv']);
  });

  test('is refused in a folder that is not there any more', async () => {
    const cwd = folderWith({ 'layout.tsv': 'old' });
    renameSync(join(cwd, 'layout.tsv'), join(cwd, 'other.tsv'));
    const replaced = replaceFile(join(cwd, 'layout.tsv'), Buffer.from('old'), Buffer.from('fixed'));
    await expect(replaced).rejects.toMatchObject({ code: 'files/unreadable' });
  });
});

describe('a diff', () => {
  test('is what git makes of it, for any lines that changed', () => {
    const line = fc.constantFrom('a', 'b', '', '#', 'P\t0x10');
    fc.assert(
      fc.property(fc.array(fc.tuple(line, line), { minLength: 1, maxLength: 30 }), fc.boolean(), (pairs, ended) => {
        const end = ended ? '\n' : '';
        const before = `${pairs.map(([old]) => old).join('\n')}x${end}`;
        const after = `${pairs.map(([, now]) => now).join('\n')}y${end}`;
        const diff = unifiedDiff('layout.tsv', before, after);
        expect(applied(diff, before)).toBe(after);
      }),
      { numRuns: 200 },
    );
  });

  test('is nothing for equal texts', () => {
    expect(unifiedDiff('a', 'x\n', 'x\n')).toBe('');
  });
});

/** The text behind a diff, taken from its own lines and the ranges in its heads. */
function applied(diff: string, before: string): string {
  const old = before.split('\n');
  const out: string[] = [];
  let at = 0;
  let last = '';
  for (const line of diff.split('\n').slice(2)) {
    const start = /^@@ -(\d+),/.exec(line)?.[1];
    if (start !== undefined) {
      out.push(...old.slice(at, Number(start) - 1));
      at = Number(start) - 1;
    } else if (line.startsWith(' ') || line.startsWith('-')) {
      expect(line.slice(1)).toBe(old[at]);
      at += 1;
    }
    if (line.startsWith(' ') || line.startsWith('+')) out.push(line.slice(1));
    last = line;
  }
  expect(last).toBe('');
  out.push(...old.slice(at));
  return out.join('\n');
}
