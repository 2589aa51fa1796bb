import type { Bytes } from '../base/bytes.ts';
import { PhaselineError } from '../base/errors.ts';
import { isProblem } from '../check/file-facts.ts';
import { sendsFile } from '../layout/phases.ts';
import type { OpenSource } from '../source/open-file.ts';
import { openImage } from '../source/open-image.ts';
import type { LayoutFile } from './layout-files.ts';
import type { JobFiles } from './scene.ts';

/**
 * Opens the file of every row that sends one, by the text of its Binary cell; `sources` gets what has to be closed.
 * Errors: files/missing and files/outside for what was not found, files/format for an empty one, and those of openImage.
 */
export async function openImages(
  { layout, files }: JobFiles,
  optionsOf: (binary: string) => Parameters<typeof openImage>[1],
  sources: OpenSource[],
): Promise<ReadonlyMap<string, Bytes>> {
  const images = new Map<string, Bytes>();
  for (const { binary, line } of layout.rows.filter(sendsFile)) {
    if (binary === undefined || images.has(binary)) continue;
    const place = `${layout.path}:${line}: `;
    const source = await openImage(pathOf(binary, files, place), optionsOf(binary));
    sources.push(source);
    if (source.size === 0) {
      const text = `${place}${binary} is empty, which no board takes`;
      throw new PhaselineError('files/format', text, { path: source.path });
    }
    images.set(binary, source);
  }
  return images;
}

/** Where a file is; fails with why it could not be found (files/missing, files/outside). */
function pathOf(binary: string, files: ReadonlyMap<string, LayoutFile>, place: string): string {
  const file = files.get(binary);
  if (file?.path !== undefined) return file.path;
  const problem = file && isProblem(file.facts) ? file.facts : undefined;
  const code = problem?.problem === 'outside' ? 'files/outside' : 'files/missing';
  throw new PhaselineError(code, `${place}${problem?.reason ?? `${binary} does not exist`}`, { file: binary });
}
