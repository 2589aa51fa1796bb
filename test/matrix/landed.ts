import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';

/** Where an image is found afterwards: a file of the simulated storage, and an offset in it. */
export interface Landing {
  readonly file: string;
  /** On NAND bad blocks from there on are passed over. */
  readonly offset: number;
  /** The name of the image that lands there. */
  readonly image: string;
}

/** Where the files in `folder` differ from what should have landed; undefined when every byte is there. */
export function firstDifference(
  folder: string,
  landings: readonly Landing[],
  images: Readonly<Record<string, Uint8Array>>,
): string | undefined {
  const wrong = landings.find((landing) => {
    const image = images[landing.image] as Uint8Array;
    return !landedBytes(folder, landing, image.length).equals(image);
  });
  return wrong && `${wrong.file} at ${wrong.offset} is not ${wrong.image}`;
}

function landedBytes(folder: string, { file, offset }: Landing, length: number): Buffer {
  const path = join(folder, file);
  const chip = nandChip(path);
  if (!chip) return bytesOf(path, offset, length);
  const pieces: Buffer[] = [];
  for (let at = offset, found = 0; found < length && at < chip.sizeBytes; at += chip.eraseBlockBytes) {
    if (chip.badBlocks.includes(at / chip.eraseBlockBytes)) continue;
    pieces.push(bytesOf(path, at, chip.eraseBlockBytes));
    found += chip.eraseBlockBytes;
  }
  return Buffer.concat(pieces).subarray(0, length);
}

interface NandChip {
  readonly sizeBytes: number;
  readonly eraseBlockBytes: number;
  readonly badBlocks: readonly number[];
}

/** `nand0.json` lies beside `nand0.img`; eMMC has registers there. */
function nandChip(path: string): NandChip | undefined {
  const beside = path.replace(/img$/, 'json');
  return path.includes('nand') && existsSync(beside) ? JSON.parse(readFileSync(beside, 'utf8')) : undefined;
}

export function bytesOf(path: string, offset: number, length: number): Buffer {
  const found = Buffer.alloc(length);
  const handle = openSync(path, 'r');
  try {
    return found.subarray(0, readSync(handle, found, 0, length, offset));
  } finally {
    closeSync(handle);
  }
}
