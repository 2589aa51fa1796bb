import { extname } from 'node:path';
import { isPhaselineError, PhaselineError } from '../base/errors.ts';
import type { Bmap } from '../image/bmap.ts';
import type { Expanded } from './expand.ts';
import { printablePath } from './file-failure.ts';
import { mappedLayer } from './mapped-layer.ts';
import { openFile } from './open-file.ts';

/** Look next to the image; leave it; or the file that is named. */
export type BmapChoice = 'beside' | 'none' | { readonly path: string };

/** 80,000 ranges. */
const MOST_BMAP_BYTES = 8 * 2 ** 20;

/** Puts a block map over an image. Errors: files/format when it is none or belongs to another image. */
export async function withBmap(image: Expanded, path: string, which: BmapChoice): Promise<Expanded> {
  const found = which === 'none' ? undefined : which === 'beside' ? await bmapBeside(path) : await readBmap(which.path);
  if (!found) return image;
  const { bmap, bmapPath } = found;
  if (bmap.imageBytes !== image.size) {
    const sizes = `it is for an image of ${bmap.imageBytes} bytes, ${printablePath(path)} has ${image.size}`;
    throw unfit(bmapPath, sizes);
  }
  // Without checksums nothing else would look at the end of what is compressed.
  if (!image.random && bmap.ranges.some(({ sum }) => sum === undefined)) for await (const _ of image.stream());
  return mappedLayer(image, bmap, { path, bmapPath });
}

interface FoundBmap {
  readonly bmap: Bmap;
  readonly bmapPath: string;
}

/** As bmaptool looks: for card.wic.gz it is card.wic.gz.bmap, card.wic.bmap or card.bmap. */
async function bmapBeside(path: string): Promise<FoundBmap | undefined> {
  for (let stem = path; ; stem = stem.slice(0, -extname(stem).length)) {
    try {
      return await readBmap(`${stem}.bmap`);
    } catch (error) {
      if (!isPhaselineError(error, 'files/missing')) throw error;
    }
    if (extname(stem) === '') return undefined;
  }
}

async function readBmap(bmapPath: string): Promise<FoundBmap> {
  const file = await openFile(bmapPath);
  try {
    if (file.size > MOST_BMAP_BYTES) throw unfit(bmapPath, `it has ${file.size} bytes`);
    // An XML parser that few need, and everybody would wait for.
    const { decodeBmap } = await import('../image/bmap.ts');
    const verdict = decodeBmap(await file.read(0, file.size));
    if (!verdict.ok) throw unfit(bmapPath, verdict.reason);
    return { bmap: verdict.value, bmapPath };
  } finally {
    await file.close();
  }
}

function unfit(bmapPath: string, reason: string): PhaselineError {
  return new PhaselineError('files/format', `the bmap ${printablePath(bmapPath)} does not fit: ${reason}`, {
    path: bmapPath,
    reason,
  });
}
