import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PhaselineError } from '../../base/errors.ts';
import { syncFolder } from '../sync-folder.ts';

/** A file that is written at the end of a job, whole or not at all. */
export interface DocumentFile {
  /** As the user named it. */
  readonly shownAs: string;
  /** Takes away what an earlier job left, so that nobody takes it for this one's. */
  clear(): Promise<void>;
  /** Resolves when the content is on the disk under its name; fails with what the file system says. */
  write(content: string | Uint8Array): Promise<void>;
}

/**
 * Makes sure that the file can be written, before there is anything to write: its folder takes a new file, and
 * what is there under its name is a file. Fails with usage/arguments. `path` is absolute.
 */
export async function prepareDocument(path: string, shownAs: string, what: string): Promise<DocumentFile> {
  try {
    const target = await targetOf(path);
    const draft = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
    await (await open(draft, 'wx')).close();
    await rm(draft);
    return {
      shownAs,
      clear: () => rm(target, { force: true }),
      write: (content) => writeWhole(target, draft, content),
    };
  } catch (error) {
    const text = `the ${what} ${shownAs} cannot be written: ${reasonOf(error)}`;
    throw new PhaselineError('usage/arguments', text, { path }, error);
  }
}

/** What the operating system said, in one word where it has one. */
export function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? (error instanceof Error ? error.message : String(error));
}

/** Where a symbolic link leads to is replaced, not the link. */
async function targetOf(path: string): Promise<string> {
  const target = await realpath(path).catch(() => path);
  const stats = await stat(target).catch(() => undefined);
  if (stats && !stats.isFile()) throw new Error('it is no file');
  return target;
}

async function writeWhole(target: string, draft: string, content: string | Uint8Array): Promise<void> {
  try {
    const file = await open(draft, 'wx', 0o644);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await syncFolder(dirname(target));
}
