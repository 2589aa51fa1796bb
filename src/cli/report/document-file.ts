import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PhaselineError } from '../../base/errors.ts';
import { reasonOf } from '../reason.ts';
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

/** What a document is called in messages, and the character that every one of its kind begins with. */
export interface DocumentKind {
  readonly name: string;
  readonly begins: string;
}

/**
 * Makes sure that the file can be written, before there is anything to write: its folder takes a new file, and
 * what is there under its name is empty or an earlier document of that kind: nobody wants an image replaced because
 * two words of the command line changed places. Fails with usage/arguments. `path` is absolute.
 */
export async function prepareDocument(path: string, shownAs: string, kind: DocumentKind): Promise<DocumentFile> {
  try {
    const target = await targetOf(path, kind);
    const draft = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
    await (await open(draft, 'wx')).close();
    await rm(draft);
    return {
      shownAs,
      clear: () => rm(target, { force: true }),
      write: (content) => writeWhole(target, draft, content),
    };
  } catch (error) {
    const text = `the ${kind.name} ${shownAs} cannot be written: ${reasonOf(error)}`;
    throw new PhaselineError('usage/arguments', text, { path }, error);
  }
}

/** Where a symbolic link leads to is replaced, not the link. */
async function targetOf(path: string, { begins }: DocumentKind): Promise<string> {
  const target = await realpath(path).catch(() => path);
  const stats = await stat(target).catch(() => undefined);
  if (!stats) return target;
  if (!stats.isFile()) throw new Error('it is no file');
  const start = await firstBytes(target, begins.length);
  if (start !== '' && start !== begins) throw new Error('it holds something else, and would be replaced');
  return target;
}

async function firstBytes(path: string, length: number): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await file.close();
  }
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
