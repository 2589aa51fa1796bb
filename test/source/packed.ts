/** Folders of files for tests of what is opened, and what comes out of opening them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { concatBytes } from '../../src/base/bytes.ts';
import { PhaselineError } from '../../src/base/errors.ts';
import { type OpenImageOptions, openImage } from '../../src/source/open-image.ts';

export interface Folder {
  readonly path: string;
  write(name: string, data: Uint8Array | string): string;
}

/** A new folder for each test. */
export function testFolder(): Folder {
  let path = '';
  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'phaseline-packed-'));
  });
  afterEach(() => rmSync(path, { recursive: true }));
  return {
    get path() {
      return path;
    },
    write: (name, data) => {
      const file = join(path, name);
      writeFileSync(file, data);
      return file;
    },
  };
}

/** Opens it, reads all of it and closes it. */
export async function contentOf(path: string, options?: OpenImageOptions): Promise<Uint8Array> {
  const source = await openImage(path, options);
  try {
    const pieces: Uint8Array[] = [];
    for await (const piece of source.stream()) pieces.push(piece.slice());
    return concatBytes(pieces);
  } finally {
    await source.close();
  }
}

/** What reading it all failed with. */
export async function failureOf(path: string, options?: OpenImageOptions): Promise<PhaselineError> {
  const error: unknown = await contentOf(path, options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof PhaselineError)) throw new Error(`no PhaselineError but ${String(error)}`);
  return error;
}
