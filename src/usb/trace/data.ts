import { createHash } from 'node:crypto';
import { toHex } from '../../base/bytes.ts';

/** Bytes in a trace: spelled out, or their number and SHA-256. */
export type TraceData =
  | { readonly len: number; readonly hex: string }
  | { readonly len: number; readonly sha256: string };

/** OUT data up to here is spelled out: every request but the blocks of an image. */
const WHOLE_BYTES = 64;

export function wholeData(data: Uint8Array): TraceData {
  return { len: data.length, hex: toHex(data) };
}

/** Long data as its digest: a trace holds no images. */
export function cutData(data: Uint8Array): TraceData {
  return data.length <= WHOLE_BYTES ? wholeData(data) : { len: data.length, sha256: sha256(data) };
}

export function isSameData(recorded: TraceData, data: Uint8Array): boolean {
  if (recorded.len !== data.length) return false;
  return 'hex' in recorded ? recorded.hex === toHex(data) : recorded.sha256 === sha256(data);
}

function sha256(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
