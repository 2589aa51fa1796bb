import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { isPhaselineError, PhaselineError } from '../base/errors.ts';
import type { FileFacts, FileProblem } from '../check/file-facts.ts';
import { decodeLayout, type Layout, parseLayout } from '../layout/parse.ts';
import { NO_BINARY } from '../layout/row.ts';
import { describe } from '../source/describe.ts';
import { findImage } from '../source/find-image.ts';

/** Where the files of a layout are looked for. */
export interface SearchPath {
  /** Each `--images DIR`, then the layout's own folder. */
  readonly folders: readonly string[];
  readonly allowOutside: boolean;
}

/** A layout without a size limit would be read into memory whatever it is; U-Boot takes 256 KiB. */
const LAYOUT_LIMIT = 16 * 2 ** 20;

/** Reads a layout; layout/unreadable when there is none or it is no text file of a sane size. */
export async function readLayout(path: string, shownAs = path): Promise<Layout> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new PhaselineError('layout/unreadable', `the layout ${shownAs} cannot be read: ${reason}`, { path }, error);
  }
  if (bytes.length > LAYOUT_LIMIT) {
    throw new PhaselineError(
      'layout/unreadable',
      `the layout ${shownAs} has ${bytes.length} bytes: that is no FlashLayout`,
      { path },
    );
  }
  return parseLayout(decodeLayout(bytes), shownAs);
}

export function searchPath(
  layoutPath: string,
  images: readonly string[],
  cwd: string,
  allowOutside: boolean,
): SearchPath {
  const folders = [...images.map((folder) => resolve(cwd, folder)), dirname(resolve(cwd, layoutPath))];
  return { folders: [...new Set(folders)], allowOutside };
}

/** A file that was found, and what it is; or why it could not be had. By the text of its Binary cell. */
export interface LayoutFile {
  readonly path: string | undefined;
  readonly facts: FileFacts;
}

/** Looks into every file that the rows name, once each. Nothing stays open. */
export async function describeFiles(layout: Layout, search: SearchPath): Promise<ReadonlyMap<string, LayoutFile>> {
  const names = new Set(
    layout.rows.map(({ binary }) => binary).filter((name) => name !== undefined && name !== NO_BINARY),
  );
  const files = new Map<string, LayoutFile>();
  for (const name of names as Set<string>) files.set(name, await lookInto(name, layout, search));
  return files;
}

async function lookInto(name: string, layout: Layout, search: SearchPath): Promise<LayoutFile> {
  const isSsbl = layout.rows.some(({ id, binary }) => id === 0x03 && binary === name);
  let path: string | undefined;
  try {
    path = await findImage(name, search.folders, { allowOutside: search.allowOutside });
    return { path, facts: await describe(path, { checksum: true, ubootVersion: isSsbl }) };
  } catch (error) {
    if (!isPhaselineError(error, 'files/missing', 'files/unreadable', 'files/outside', 'files/changed')) throw error;
    return { path, facts: await problemOf(error, name, search) };
  }
}

async function problemOf(error: PhaselineError, name: string, search: SearchPath): Promise<FileProblem> {
  const problem =
    error.code === 'files/missing' ? 'missing' : error.code === 'files/outside' ? 'outside' : 'unreadable';
  const otherCase = problem === 'missing' ? await nameInOtherCase(name, search) : undefined;
  return { problem, reason: error.message, ...(otherCase === undefined ? {} : { otherCase }) };
}

/** A file beside the missing one whose name differs only in upper and lower case. */
async function nameInOtherCase(name: string, { folders }: SearchPath): Promise<string | undefined> {
  for (const folder of folders) {
    const wanted = resolve(folder, name);
    try {
      const found = (await readdir(dirname(wanted))).find(
        (entry) => entry.toLowerCase() === basename(wanted).toLowerCase(),
      );
      if (found !== undefined) return found;
    } catch {
      // no such folder: nothing there to confuse it with
    }
  }
  return undefined;
}
