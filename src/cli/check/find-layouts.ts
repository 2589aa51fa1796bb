import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { PhaselineError } from '../../base/errors.ts';
import { reasonOf } from '../reason.ts';
import { globPattern, isGlob, splitGlob } from './glob.ts';

/** Nobody keeps layouts of his own in there. */
const SKIPPED = new Set(['node_modules', '.git']);

/**
 * The layouts that the arguments name, each once, in the order of the arguments: a file as it is, of a folder
 * and all below it the files *.tsv, of a pattern what it matches. Errors: usage/arguments for a folder or
 * pattern without any.
 */
export async function findLayouts(names: readonly string[], cwd: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of names) {
    const paths = await layoutsOf(name, cwd);
    if (paths.length === 0) throw new PhaselineError('usage/arguments', `${name}: no layout (*.tsv) is there`);
    for (const path of paths) found.push(path);
  }
  return [...new Set(found)];
}

async function layoutsOf(name: string, cwd: string): Promise<readonly string[]> {
  const kind = await kindOf(resolve(cwd, name));
  if (kind === 'folder') return below(name, cwd, (path) => path.endsWith('.tsv'));
  if (kind === 'file' || !isGlob(name)) return [name];
  const { base, rest } = splitGlob(name.split(sep).join('/'));
  const pattern = globPattern(rest);
  return below(base, cwd, (path) => pattern.test(path));
}

async function kindOf(path: string): Promise<'folder' | 'file' | undefined> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch {
    return undefined; // reading it as a layout says why
  }
}

/** The files below a folder whose path from there on is wanted, sorted; links to folders are not followed. */
async function below(folder: string, cwd: string, isWanted: (path: string) => boolean): Promise<readonly string[]> {
  const top = resolve(cwd, folder);
  const found: string[] = [];
  const open = [top];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const entry of await entriesOf(next)) {
      const path = join(next, entry.name);
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) open.push(path);
      else if (!entry.isDirectory() && isWanted(relative(top, path).split(sep).join('/'))) found.push(path);
    }
  }
  return found.sort().map((path) => join(folder, relative(top, path)));
}

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    const reason = reasonOf(error);
    throw new PhaselineError('usage/arguments', `${folder} cannot be searched: ${reason}`, {}, error);
  }
}
