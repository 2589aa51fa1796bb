import { type Expanded, type ExpandOptions, expand } from './expand.ts';
import { type BmapChoice, withBmap } from './find-bmap.ts';
import { openLayers } from './layers.ts';
import type { OpenSource } from './open-file.ts';

export interface OpenImageOptions extends ExpandOptions {
  /** The block map: `beside` looks for one next to the image, `none` does not, else its path. `none` when absent. */
  readonly bmap?: BmapChoice;
}

/**
 * Opens an image as people have it: raw, compressed (gzip, xz, zstd, bzip2), Android sparse, a member of a tar or
 * zip (`release.tar.gz!boot/fip.bin`), with a bmap or without; told by the content. `size` is what it expands to;
 * what does not say so is read to its end first. Streams that go forward cost one pass, whichever ranges they have.
 * Errors: as `openFile`; files/format for damaged or lying data, also while reading; files/too-big behind
 * `limitBytes`; files/unreadable when the program that expands it is missing.
 */
export async function openImage(path: string, options: OpenImageOptions = {}): Promise<OpenSource> {
  const layers = await openLayers(path);
  try {
    return sourceOf(path, await withBmap(await expand(layers, options), path, options.bmap ?? 'none'));
  } catch (error) {
    await layers.top.close();
    throw error;
  }
}

function sourceOf(path: string, layer: Expanded): OpenSource {
  return {
    path,
    size: layer.size,
    mapped: layer.mapped,
    read: (offset, length) => layer.read(offset, length),
    stream: (offset, length) => layer.stream(offset, length),
    close: () => layer.close(),
  };
}
