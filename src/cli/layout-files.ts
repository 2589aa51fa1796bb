import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { isPhaselineError, PhaselineError } from '../base/errors.ts';
import { printable } from '../base/printable.ts';
import type { FileFacts, FileProblem } from '../check/file-facts.ts';
import type { ImageFacts } from '../image/facts.ts';
import { storageDevices } from '../layout/geometry.ts';
import { decodeLayout, type Layout, parseLayout } from '../layout/parse.ts';
import { NO_BINARY } from '../layout/row.ts';
import { describeSent } from '../source/describe.ts';
import type { ExpandOptions } from '../source/expand.ts';
import { findImage } from '../source/find-image.ts';
import { openFile } from '../source/open-file.ts';

/** Where the files of a layout are looked for. */
export interface SearchPath {
  /** Each `--images DIR`, then the layout's own folder. */
  readonly folders: readonly string[];
  readonly allowOutside: boolean;
}

/** U-Boot takes 256 KiB. */
const LAYOUT_LIMIT = 2 ** 20;

/** Reads a layout; layout/unreadable when there is none or it is no regular file of a sane size. */
export async function readLayout(path: string, shownAs = path): Promise<Layout> {
  return parseLayout(decodeLayout(await readLayoutBytes(path, shownAs)), shownAs);
}

/** The bytes of a layout; errors as `readLayout`. */
export async function readLayoutBytes(path: string, shownAs = path): Promise<Uint8Array> {
  try {
    const source = await openFile(path);
    try {
      if (source.size <= LAYOUT_LIMIT) return await source.read(0, source.size);
    } finally {
      await source.close();
    }
    throw new PhaselineError(
      'layout/unreadable',
      `the layout ${shownAs} has ${source.size} bytes: that is no FlashLayout`,
      {
        path,
      },
    );
  } catch (error) {
    if (!isPhaselineError(error, 'files/missing', 'files/unreadable', 'files/changed')) throw error;
    const { errno } = error.details;
    const reason =
      typeof errno === 'string' ? `${shownAs} cannot be read: ${errno}` : error.message.replace(path, shownAs);
    throw new PhaselineError('layout/unreadable', `the layout ${reason}`, { path }, error);
  }
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

/**
 * Looks into one file; `isSsbl` when U-Boot is in it, or may be. There is room for `limitBytes` of it, where that is
 * known. Errors: as `describe`.
 */
export type Describer = (path: string, isSsbl: boolean, limitBytes: number | undefined) => Promise<ImageFacts>;

/** Everything about what is sent, compressed and sparse images expanded. */
export function describerOfSent(options: Pick<ExpandOptions, 'notice' | 'measured'>): Describer {
  return (path, isSsbl, limitBytes) => {
    const looks = { checksum: true, ubootVersion: isSsbl, usbLoader: true };
    return describeSent(path, { ...looks, expand: { ...options, limitBytes } });
  };
}

/** Nothing for a boot stage is near that: DDR of the smallest boards. */
const BOOT_FILE_LIMIT = 256 * 2 ** 20;

/** Looks into every file that the rows name, once each. Nothing stays open. */
export async function describeFiles(
  layout: Layout,
  search: SearchPath,
  look: Describer,
): Promise<ReadonlyMap<string, LayoutFile>> {
  const names = new Set(
    layout.rows.map(({ binary }) => binary).filter((name) => name !== undefined && name !== NO_BINARY),
  );
  const files = new Map<string, LayoutFile>();
  for (const name of names as Set<string>) files.set(name, await lookInto(name, layout, search, look));
  return files;
}

async function lookInto(name: string, layout: Layout, search: SearchPath, look: Describer): Promise<LayoutFile> {
  const isSsbl = layout.rows.some(({ id, binary }) => id === 0x03 && binary === name);
  let path: string | undefined;
  try {
    path = await findImage(name, search.folders, { allowOutside: search.allowOutside });
    return { path, facts: await look(path, isSsbl, limitOf(name, layout)) };
  } catch (error) {
    if (!isPhaselineError(error, 'files/missing', 'files/unreadable', 'files/outside', 'files/changed', 'files/format'))
      throw error;
    return { path, facts: await problemOf(error, name, search) };
  }
}

/** The most that one of the rows has room for; undefined when that is not known. */
function limitOf(name: string, layout: Layout): number | undefined {
  const placements = storageDevices(layout.rows).flatMap((device) => device.placements);
  const limits = layout.rows
    .filter(({ binary }) => binary === name)
    .map((row) => {
      const placement = placements.find((one) => one.row === row);
      return placement ? placement.sizeBytes : BOOT_FILE_LIMIT;
    });
  return limits.includes(undefined) ? undefined : Math.max(...(limits as number[]));
}

async function problemOf(error: PhaselineError, name: string, search: SearchPath): Promise<FileProblem> {
  if (error.code === 'files/outside' && !(await isFile(String(error.details.path)))) {
    return { problem: 'unreadable', reason: `${printable(name)} is no file, and lies outside the folders` };
  }
  const problem =
    error.code === 'files/missing' ? 'missing' : error.code === 'files/outside' ? 'outside' : 'unreadable';
  const otherCase = problem === 'missing' ? await nameInOtherCase(name, search) : undefined;
  return { problem, reason: error.message, ...(otherCase === undefined ? {} : { otherCase }) };
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false; // it went away, or lies where nothing may be looked at
  }
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
