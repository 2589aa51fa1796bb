import { createHash } from 'node:crypto';
import type { PlannedFile } from './plan.ts';

/**
 * sha256 in hex of where the bytes lie that are sent of an image with holes; undefined where all of it is sent. The
 * same bytes may lie elsewhere in another image.
 */
export function rangesSha256({ bytes, extents, bytesToSend }: PlannedFile): string | undefined {
  if (bytesToSend === bytes.size) return undefined;
  return createHash('sha256')
    .update(extents.map(({ offset, length }) => `${offset}+${length}`).join())
    .digest('hex');
}
