import { mkdirSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeFip, makeFsbl, makePattern } from '../image/make.ts';
import { cli, folderWith, rows } from './harness.ts';

const SECRET = makePattern(3000);

/** A folder with a layout that wants `binary`, and a secret in a folder beside it. */
function scene(binary: (secret: string) => string) {
  const elsewhere = folderWith({ 'secret.img': SECRET });
  const secret = join(elsewhere, 'secret.img');
  const layout = rows(
    '- 0x01 fsbl-boot Binary none 0x0 fsbl.stm32',
    '- 0x03 fip-boot FIP none 0x0 fip.bin',
    `P 0x10 data Binary mmc0 0x4400 ${binary(secret)}`,
  );
  const folder = folderWith({ 'layout.tsv': layout, 'fsbl.stm32': makeFsbl({ family: 'mp15' }), 'fip.bin': makeFip() });
  return { folder, secret };
}

const flash = (folder: string, ...args: readonly string[]) =>
  cli(['flash', join(folder, 'layout.tsv'), '--bus', 'sim:stm32mp157c-dk2', '--json', ...args]);

const ATTACKS: readonly (readonly [string, (secret: string) => string, (folder: string, secret: string) => void])[] = [
  ['a path from the root', (secret) => secret, () => undefined],
  ['a path that climbs', (secret) => `../${basename(dirname(secret))}/secret.img`, () => undefined],
  ['a symbolic link', () => 'link.img', (folder, secret) => symlinkSync(secret, join(folder, 'link.img'))],
  [
    'a link to a link',
    () => 'link.img',
    (folder, secret) => {
      symlinkSync(secret, join(folder, 'hop'));
      symlinkSync('hop', join(folder, 'link.img'));
    },
  ],
  [
    'a folder that is a link',
    () => 'sub/secret.img',
    (folder, secret) => symlinkSync(dirname(secret), join(folder, 'sub')),
  ],
  [
    'a folder that is a link, and a climb out of it',
    () => 'sub/../secret.img',
    (folder, secret) => {
      mkdirSync(join(dirname(secret), 'deep'));
      symlinkSync(join(dirname(secret), 'deep'), join(folder, 'sub'));
    },
  ],
];

describe('a layout from somewhere does not send files from anywhere', () => {
  test.each(ATTACKS)('%s', async (_what, binary, prepare) => {
    const { folder, secret } = scene(binary);
    prepare(folder, secret);
    for (const args of [[], ['--no-check']]) {
      const { exitCode, lines } = await flash(folder, ...args);
      expect(exitCode).toBe(4);
      expect(lines().at(-1)).toMatchObject({ ok: false, bytes: 0 });
      expect(lines().some(({ event }) => event === 'board')).toBe(false);
    }
  });

  test.each(ATTACKS.slice(0, -1))('%s, with --allow-outside', async (_what, binary, prepare) => {
    const { folder, secret } = scene(binary);
    prepare(folder, secret);
    expect(await flash(folder, '--allow-outside')).toMatchObject({ exitCode: 0 });
  });

  test('a folder named by --images is inside, wherever its link leads', async () => {
    const { folder, secret } = scene(() => 'secret.img');
    symlinkSync(dirname(secret), join(folder, 'images'));
    expect(await flash(folder, '--images', join(folder, 'images'))).toMatchObject({ exitCode: 0 });
  });

  test('a link in a folder named by --images is not inside for that', async () => {
    const { folder, secret } = scene(() => 'link.img');
    mkdirSync(join(folder, 'images'));
    symlinkSync(secret, join(folder, 'images', 'link.img'));
    expect(await flash(folder, '--images', join(folder, 'images'))).toMatchObject({ exitCode: 4 });
  });
});
