import type { Bytes, Extent } from '../base/bytes.ts';
import { hexNumber } from '../base/sizes.ts';

/** What of an image goes to the board. */
export interface Sending {
  /** Ascending, apart from each other, each but the last a multiple of 512 long; at least one. */
  readonly extents: readonly Extent[];
  /** Why more is sent than the image asks for; one sentence. */
  readonly note?: string;
}

/** U-Boot writes cards in whole sectors and loses the remainder of an offset. protocol.md §4.2. */
const SECTOR_BYTES = 512;
/** SetPhase's offset has 32 bits: no download can start behind. protocol.md §4.2. */
const REACH = 2 ** 32;
const LAST_START = REACH - SECTOR_BYTES;

/**
 * The ranges of an image that are sent, each as a download of its own: all of it, or where the image
 * says that ranges mean nothing (`mapped`), only what lies between those, outward to whole sectors.
 * Ranges are joined only where they touch, so that nothing else is written. `refusal` says why a place
 * takes images only whole (flash/places.ts). What lies beyond 4 GiB can only be run into: from the first
 * range there on everything is one run, holes as zeros.
 */
export function extentsToSend(image: Pick<Bytes, 'size' | 'mapped'>, refusal?: string): Sending {
  const whole = [{ offset: 0, length: image.size }];
  if (image.mapped === undefined) return { extents: whole };
  const runs = joined(image.mapped.map((extent) => outward(extent, image.size)));
  if (totalBytes(runs) === image.size) return { extents: whole };
  if (refusal !== undefined) return { extents: whole, note: `it is sent with its holes as zeros: ${refusal}` };
  if (runs.length === 0) {
    const length = Math.min(SECTOR_BYTES, image.size);
    return {
      extents: [{ offset: 0, length }],
      note: 'all of it is a hole; its first sector is sent, as the board waits for one',
    };
  }
  return reachable(runs);
}

export function totalBytes(extents: readonly Extent[]): number {
  return extents.reduce((sum, { length }) => sum + length, 0);
}

function outward({ offset, length }: Extent, size: number): Extent {
  const start = Math.floor(offset / SECTOR_BYTES) * SECTOR_BYTES;
  const end = Math.min(size, Math.ceil((offset + length) / SECTOR_BYTES) * SECTOR_BYTES);
  return { offset: start, length: end - start };
}

function joined(extents: readonly Extent[]): readonly Extent[] {
  const runs: Extent[] = [];
  for (const extent of extents) {
    const last = runs.at(-1);
    if (last && endOf(last) >= extent.offset) runs[runs.length - 1] = { ...last, length: endOf(extent) - last.offset };
    else if (extent.length > 0) runs.push(extent);
  }
  return runs;
}

function reachable(runs: readonly Extent[]): Sending {
  const first = runs.findIndex((run) => endOf(run) > REACH);
  const over = runs[first];
  if (over === undefined) return { extents: runs };
  const start = Math.min(over.offset, LAST_START);
  const end = endOf(runs.at(-1) as Extent);
  const extents = joined([...runs.slice(0, first), { offset: start, length: end - start }]);
  if (totalBytes(extents) === totalBytes(runs)) return { extents };
  const from = hexNumber((extents.at(-1) as Extent).offset, 8);
  return {
    extents,
    note: `offsets end at 4 GiB: from ${from} on it is sent in one piece, holes as zeros`,
  };
}

function endOf({ offset, length }: Extent): number {
  return offset + length;
}
