import { fromHex } from '../base/bytes.ts';
import type { CompressionKind } from './facts.ts';

/** First bytes of compressed files (RFC 1952, xz and zstd and lz4 frame formats, bzip2 with its block mark, zip). */
const COMPRESSED = [
  ['gzip', fromHex('1f 8b 08')],
  ['xz', fromHex('fd 37 7a 58 5a 00')],
  ['zstd', fromHex('28 b5 2f fd')],
  ['lz4', fromHex('04 22 4d 18')],
  ['zip', fromHex('50 4b 03 04')],
] as const satisfies readonly (readonly [CompressionKind, Uint8Array])[];

const BZIP2 = fromHex('42 5a 68');
const BZIP2_BLOCK = fromHex('31 41 59 26 53 59');
const BZIP2_EMPTY = fromHex('17 72 45 38 50 90');
const SKIPPABLE = fromHex('2a 4d 18');
const ELF = fromHex('7f 45 4c 46');
const FDT = fromHex('d0 0d fe ed');
const LFS = new TextEncoder().encode('version https://git-lfs.github.com/spec/');
/** Pointer files are specified to be smaller (git-lfs specification, "The Pointer"). */
const LFS_MAX_BYTES = 1024;

/** The compression that a file starts with, if any. */
export function findCompression(head: Uint8Array): CompressionKind | undefined {
  const bzip2 =
    startsWith(head, BZIP2) && [BZIP2_BLOCK, BZIP2_EMPTY].some((mark) => startsWith(head.subarray(4), mark));
  if (bzip2) return 'bzip2';
  const data = behindSkippable(head);
  return COMPRESSED.find(([, magic]) => startsWith(data, magic))?.[0];
}

/** zstd and lz4 files may begin with frames that mean nothing (RFC 8878 §3.1.2), as those of pzstd do. */
function behindSkippable(head: Uint8Array): Uint8Array {
  let data = head;
  while (data.length >= 8 && ((data[0] as number) & 0xf0) === 0x50 && startsWith(data.subarray(1), SKIPPABLE)) {
    data = data.subarray(8 + new DataView(data.buffer, data.byteOffset).getUint32(4, true));
  }
  return data;
}

export function isElf(head: Uint8Array): boolean {
  return startsWith(head, ELF);
}

/** Total size of a flattened device tree or FIT image, when `head` starts one. */
export function fdtBytes(head: Uint8Array): number | undefined {
  if (head.length < 8 || !startsWith(head, FDT)) return undefined;
  return new DataView(head.buffer, head.byteOffset).getUint32(4);
}

/** A text that git-lfs left in place of a file that was not fetched. */
export function isLfsPointer(head: Uint8Array, fileBytes: number): boolean {
  return fileBytes < LFS_MAX_BYTES && startsWith(head, LFS);
}

/** A master boot record: its end mark, and a used partition with a boot flag that is one. */
export function isMbr(head: Uint8Array): boolean {
  if (head.length < 512 || head[510] !== 0x55 || head[511] !== 0xaa) return false;
  const entries = [446, 462, 478, 494].map((at) => head.subarray(at, at + 16));
  const flagsFit = entries.every((entry) => entry[0] === 0x00 || entry[0] === 0x80);
  return flagsFit && entries.some((entry) => entry[4] !== 0);
}

function startsWith(data: Uint8Array, magic: Uint8Array): boolean {
  return magic.every((byte, index) => data[index] === byte);
}
