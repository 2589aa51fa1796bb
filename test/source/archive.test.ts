import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makePattern } from '../image/make.ts';
import { contentOf, failureOf, testFolder } from './packed.ts';

const folder = testFolder();
const DATA = makePattern(300_000);
const isThere = (tool: string) => spawnSync(tool, ['--version'], { stdio: 'ignore' }).error === undefined;

function archive(name: string, command: readonly string[], data = DATA): string {
  mkdirSync(join(folder.path, 'boot'));
  folder.write('boot/fip.bin', data);
  symlinkSync('fip.bin', join(folder.path, 'boot/link.bin'));
  const [tool = '', ...args] = command;
  execFileSync(tool, [...args, name, 'boot'], { cwd: folder.path });
  return join(folder.path, name);
}

describe('a name with an exclamation mark', () => {
  test('is a file when there is one of that name', async () => {
    folder.write('a', 'archive?');
    expect(Buffer.from(await contentOf(folder.write('a!b', 'content'))).toString()).toBe('content');
  });

  test('is a missing file when neither is there', async () => {
    const error = await failureOf(join(folder.path, 'a.tar!b'));
    expect(error).toMatchObject({ code: 'files/missing', message: expect.stringMatching(/a\.tar!b does not exist/) });
  });

  test('of which the archive has one too is split where a file is', async () => {
    const path = archive('odd!name.tar', ['tar', '-cf']);
    expect(Buffer.compare(await contentOf(`${path}!boot/fip.bin`), DATA)).toBe(0);
  });
});

describe('an archive', () => {
  test('without the member tells what it has', async () => {
    const path = archive('r.tar.gz', ['tar', '-czf']);
    expect(await failureOf(`${path}!fip.bin`)).toMatchObject({
      code: 'files/missing',
      message: expect.stringMatching(
        /r\.tar\.gz!fip\.bin: the archive has no member fip\.bin \(it has boot\/fip\.bin\)/,
      ),
    });
    expect((await failureOf(`${path}!boot/link.bin`)).message).toMatch(
      /boot\/link\.bin is a symbolic link to fip\.bin/,
    );
  });

  test('that is none is said to be none', async () => {
    const path = folder.write('r.tar', 'hello');
    expect(await failureOf(`${path}!a`)).toMatchObject({ code: 'files/format' });
  });

  test('that ends early is damaged', async () => {
    const path = archive('r.tar', ['tar', '-cf']);
    writeFileSync(path, readFileSync(path).subarray(0, 100_000));
    expect((await failureOf(`${path}!boot/fip.bin`)).code).toBe('files/format');
  });
});

describe.skipIf(!isThere('zip'))('a zip', () => {
  test.each([
    ['deflated', '-9'],
    ['stored', '-0'],
  ])('with a damaged %s member is found out', async (_, level) => {
    const path = archive(
      'r.zip',
      ['zip', '-qry', level],
      makePattern(50_000).map((byte) => byte & 7),
    );
    const data = readFileSync(path);
    const at = data.indexOf('fip.bin') + 5000;
    data[at] = (data[at] as number) ^ 4;
    writeFileSync(path, data);
    expect(await failureOf(`${path}!boot/fip.bin`)).toMatchObject({ code: 'files/format' });
  });

  test('that ends early, without the member, or with a link in its place is refused', async () => {
    const path = archive('r.zip', ['zip', '-qry']);
    expect((await failureOf(`${path}!nope`)).message).toMatch(/no member nope \(it has .*boot\/fip\.bin/);
    expect((await failureOf(`${path}!boot/link.bin`)).message).toMatch(/is a symbolic link/);
    writeFileSync(path, readFileSync(path).subarray(0, 100_000));
    expect((await failureOf(`${path}!boot/fip.bin`)).code).toBe('files/format');
  });

  test('with a password is refused', async () => {
    const path = archive('r.zip', ['zip', '-qr', '-P', 'secret']);
    expect((await failureOf(`${path}!boot/fip.bin`)).message).toMatch(/boot\/fip\.bin is encrypted/);
  });
});
