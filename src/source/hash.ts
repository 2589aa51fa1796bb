import { createHash } from 'node:crypto';
import type { Bytes } from '../base/bytes.ts';

/** SHA-256 of all of `bytes`, streamed, in lower-case hex. */
export async function sha256Of(bytes: Bytes): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of bytes.stream()) hash.update(piece);
  return hash.digest('hex');
}
