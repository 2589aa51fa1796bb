import { open, realpath, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { equalBytes } from '../../base/bytes.ts';
import { PhaselineError } from '../../base/errors.ts';
import { readLayoutBytes } from '../layout-files.ts';
import { reasonOf } from '../reason.ts';

/**
 * Puts new content in place of a file's in one step, so that it is never half written, and keeps its
 * permissions and the symbolic links to it. Errors: files/changed when the file no longer holds `expected`,
 * files/unreadable when its folder takes no new file.
 */
export async function replaceFile(path: string, expected: Uint8Array, content: Uint8Array): Promise<void> {
  try {
    await replaceTarget(await realpath(path), expected, content);
  } catch (error) {
    if (error instanceof PhaselineError) throw error;
    const reason = reasonOf(error);
    throw new PhaselineError('files/unreadable', `${path} cannot be written: ${reason}`, { path }, error);
  }
}

async function replaceTarget(target: string, expected: Uint8Array, content: Uint8Array): Promise<void> {
  const copy = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
  const { mode } = await stat(target);
  const file = await open(copy, 'wx', mode);
  try {
    try {
      await file.chmod(mode);
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    if (!equalBytes(await readLayoutBytes(target), expected)) {
      throw new PhaselineError('files/changed', `${target} changed while it was being corrected`, { path: target });
    }
    await rename(copy, target);
  } catch (error) {
    await unlink(copy);
    throw error;
  }
}
