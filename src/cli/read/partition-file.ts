import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PhaselineError } from '../../base/errors.ts';
import { hexNumber } from '../../base/sizes.ts';
import type { Saving, WantedPartition } from '../../flash/reading.ts';
import { reasonOf } from '../reason.ts';
import { syncFolder } from '../sync-folder.ts';

/** Blocks of a board are small: so many bytes are written at a time. */
const BUFFER_BYTES = 2 ** 20;

const WORDS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  EFBIG: 'the file system takes no file of that size',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
};

/** `0x10-rootfs.img`; what is no plain character in a name becomes `_`. */
export function partitionFileName({ id, name }: Pick<WantedPartition, 'id' | 'name'>): string {
  return `${hexNumber(id)}-${name.replace(/[^A-Za-z0-9._-]/g, '_')}.img`;
}

/**
 * Makes the folder, and sure that these files can be created in it. Fails with usage/arguments; also when one
 * is there already and must not be replaced.
 */
export async function prepareFolder(folder: string, names: readonly string[], replace: boolean): Promise<void> {
  const probe = join(folder, `.${process.pid}.tmp`);
  try {
    await makeFolder(folder);
    await (await open(probe, 'wx')).close();
    await rm(probe);
  } catch (error) {
    throw new PhaselineError('usage/arguments', `--out ${folder} takes no files: ${wordsFor(error)}`, {}, error);
  }
  for (const name of replace ? [] : names) {
    const there = await stat(join(folder, name)).catch(() => undefined);
    if (there)
      throw new PhaselineError('usage/arguments', `${join(folder, name)} is there already, and --force is not given`);
  }
}

/** With the folders above it. Node's own way never ends where a file system answers ENOENT in a folder that is there. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if ((await stat(folder).catch(() => undefined))?.isDirectory()) return;
    const above = dirname(folder);
    if (code !== 'ENOENT' || (await stat(above).catch(() => undefined))) throw error;
    await makeFolder(above);
    await mkdir(folder);
  }
}

/** A file that has its name only when it is complete and on the disk. Errors: read/unwritten. */
export async function createPartitionFile(path: string, openFile = open): Promise<Saving> {
  const draft = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  const saving = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      const text = `${path} cannot be saved: ${wordsFor(error)}`;
      throw new PhaselineError('read/unwritten', text, { path }, error);
    }
  };
  const file = await saving(openFile(draft, 'w', 0o644));
  const writer = new BufferedWriter(file);
  return {
    path,
    write: (data) => saving(writer.write(data)),
    keep: () => saving(keep(file, writer, draft, path)),
    drop: async () => {
      // What went wrong before is the failure that counts.
      await file.close().catch(() => undefined);
      await rm(draft, { force: true }).catch(() => undefined);
    },
  };
}

async function keep(file: FileHandle, writer: BufferedWriter, draft: string, path: string): Promise<void> {
  await writer.flush();
  await file.sync();
  await file.close();
  await rename(draft, path);
  await syncFolder(dirname(path));
}

class BufferedWriter {
  readonly #file: FileHandle;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  #filled = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async write(data: Uint8Array): Promise<void> {
    if (this.#filled + data.length > BUFFER_BYTES) await this.flush();
    this.#buffer.set(data, this.#filled);
    this.#filled += data.length;
  }

  async flush(): Promise<void> {
    for (let at = 0; at < this.#filled; ) {
      const { bytesWritten } = await this.#file.write(this.#buffer, at, this.#filled - at);
      at += bytesWritten;
    }
    this.#filled = 0;
  }
}

function wordsFor(error: unknown): string {
  const code = reasonOf(error);
  return WORDS[code] === undefined ? code : `${WORDS[code]} (${code})`;
}
