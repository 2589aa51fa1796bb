import { realpath } from 'node:fs/promises';
import { isAbsolute, resolve, sep } from 'node:path';
import { PhaselineError } from '../base/errors.ts';
import { fileFailure, isMissing, printablePath } from './file-failure.ts';
import { placeOf } from './member.ts';

export interface FindImageOptions {
  /** Take files from anywhere. */
  readonly allowOutside: boolean;
}

/**
 * Finds the file, or the member of an archive, that a Binary cell names: in the first of `folders` that has it (each --images DIR, then the
 * layout's own), or at the absolute path that it is. Symbolic links are followed; where they end must be inside
 * one of the folders. Returns the path as it can be opened. Errors: files/missing, files/outside, and
 * files/unreadable when a folder may not be searched.
 */
export async function findImage(name: string, folders: readonly string[], options: FindImageOptions): Promise<string> {
  const candidates = isAbsolute(name) ? [name] : folders.map((folder) => resolve(folder, name));
  for (const path of name === '' ? [] : candidates) {
    const real = await realpathOf((await placeOf(path)).file);
    if (real === undefined) continue;
    if (!options.allowOutside && !(await isInside(real, folders))) throw outside(name, real, folders);
    return path;
  }
  const where = isAbsolute(name) || folders.length === 0 ? '' : ` in ${folders.map(printablePath).join(', ')}`;
  throw new PhaselineError(
    'files/missing',
    `${printablePath(name) || 'a file without a name'} does not exist${where}`,
    {
      name,
      folders,
    },
  );
}

async function isInside(real: string, folders: readonly string[]): Promise<boolean> {
  for (const folder of folders) {
    const root = await realpathOf(folder);
    if (root !== undefined && real.startsWith(root.endsWith(sep) ? root : root + sep)) return true;
  }
  return false;
}

async function realpathOf(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw fileFailure(path, error);
  }
}

function outside(name: string, real: string, folders: readonly string[]): PhaselineError {
  const shown = printablePath(name);
  const target = real === name ? shown : `${shown} is ${printablePath(real)}, which`;
  return new PhaselineError('files/outside', `${target} lies outside ${folders.map(printablePath).join(', ')}`, {
    name,
    path: real,
    folders,
  });
}
