import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isPhaselineError } from '../../src/base/errors.ts';
import { findImage } from '../../src/source/find-image.ts';

let root: string;

/**
 * root/images{a.bin, both.bin, link.bin -> ../other/o.bin, near.bin -> ../layout/b.bin, gone.bin -> nowhere, loop},
 * root/layout{b.bin, both.bin, sub/c.bin}, root/other/o.bin, root/images-2/d.bin, root/alias -> images
 */
beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'phaseline-find-')));
  for (const folder of ['images', 'layout/sub', 'other', 'images-2'])
    await mkdir(join(root, folder), { recursive: true });
  const files = [
    'images/a.bin',
    'images/both.bin',
    'layout/b.bin',
    'layout/both.bin',
    'layout/sub/c.bin',
    'other/o.bin',
  ];
  for (const name of [...files, 'images-2/d.bin']) await writeFile(join(root, name), name);
  await symlink('../other/o.bin', join(root, 'images/link.bin'));
  await symlink('../layout/b.bin', join(root, 'images/near.bin'));
  await symlink('nowhere', join(root, 'images/gone.bin'));
  await symlink('loop.bin', join(root, 'images/loop.bin'));
  await symlink('images', join(root, 'alias'));
});

afterAll(() => rm(root, { recursive: true }));

/** The path found, relative to root, or the code of the error. */
async function find(name: string, { allowOutside = false, first = 'images' } = {}): Promise<string> {
  const folders = [join(root, first), join(root, 'layout')];
  try {
    const found = await findImage(name.replace('ROOT', root), folders, { allowOutside });
    return found.replace(`${root}/`, '');
  } catch (error) {
    if (isPhaselineError(error)) return error.code;
    throw error;
  }
}

describe('the file that a Binary cell names', () => {
  test.each([
    ['a.bin', 'images/a.bin'],
    ['b.bin', 'layout/b.bin'],
    ['both.bin', 'images/both.bin'],
    ['sub/c.bin', 'layout/sub/c.bin'],
    ['sub/../b.bin', 'layout/b.bin'],
    ['../layout/b.bin', 'layout/b.bin'],
    ['near.bin', 'images/near.bin'],
    ['ROOT/layout/b.bin', 'layout/b.bin'],
    ['nothing.bin', 'files/missing'],
    ['gone.bin', 'files/missing'],
    ['a.bin/x', 'files/missing'],
    ['a\0.bin', 'files/missing'],
    ['', 'files/missing'],
    ['ROOT/nothing.bin', 'files/missing'],
    ['loop.bin', 'files/unreadable'],
    ['link.bin', 'files/outside'],
    ['../other/o.bin', 'files/outside'],
    ['../images-2/d.bin', 'files/outside'],
    ['ROOT/other/o.bin', 'files/outside'],
    ['..', 'files/outside'],
  ])('%j gives %s', async (name, expected) => {
    expect(await find(name)).toBe(expected);
  });

  test.each([
    ['link.bin', 'images/link.bin'],
    ['../other/o.bin', 'other/o.bin'],
    ['ROOT/other/o.bin', 'other/o.bin'],
    ['nothing.bin', 'files/missing'],
  ])('%j gives %s when files outside are allowed', async (name, expected) => {
    expect(await find(name, { allowOutside: true })).toBe(expected);
  });

  test('may lie in a folder that is a link itself, or in one that does not exist', async () => {
    expect(await find('a.bin', { first: 'alias' })).toBe('alias/a.bin');
    expect(await find('b.bin', { first: 'nowhere' })).toBe('layout/b.bin');
  });

  test('is said to be outside with the place where it really is', async () => {
    const search = findImage('link.bin', [join(root, 'images')], { allowOutside: false });
    await expect(search).rejects.toThrow(`link.bin is ${root}/other/o.bin, which lies outside ${root}/images`);
  });

  test('is said to be missing with the places where it was looked for', async () => {
    const search = findImage('x\n.bin', [join(root, 'images'), join(root, 'layout')], { allowOutside: false });
    await expect(search).rejects.toThrow(`x?.bin does not exist in ${root}/images, ${root}/layout`);
  });
});
