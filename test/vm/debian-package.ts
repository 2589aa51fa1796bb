import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { cacheFolder } from './cache.ts';

/** Downloads a Debian package and unpacks what matches `patterns` (tar wildcards), without installing it; kept. */
export async function unpackedPackage(name: string, patterns: readonly string[]): Promise<string> {
  const home = cacheFolder(name);
  const tree = join(home, 'tree');
  if (existsSync(tree)) return tree;
  await execa('apt-get', ['download', name], { cwd: home });
  const archive = readdirSync(home).find((file) => file.endsWith('.deb'));
  if (archive === undefined) throw new Error(`apt-get download ${name} left no package`);
  // Beside its place first: an interrupted run must not leave half a tree behind.
  const half = join(cacheFolder(name, 'half'));
  const { stdout } = await execa('dpkg-deb', ['--fsys-tarfile', join(home, archive)], {
    encoding: 'buffer',
    maxBuffer: 2 ** 30,
  });
  await execa('tar', ['-x', '-C', half, '--wildcards', ...patterns], { input: stdout });
  renameSync(half, tree);
  rmSync(join(home, archive));
  return tree;
}
