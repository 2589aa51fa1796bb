import { asciiText, type Bytes, concatBytes } from '../base/bytes.ts';

/** As much of a file as is searched: FIPs and `u-boot.stm32` are far smaller. */
const UBOOT_SEARCH_BYTES = 64 * 2 ** 20;

const MARK = new TextEncoder().encode('U-Boot 20');
/** `U-Boot 2023.10`. */
const TEXT_BYTES = 14;

/** `2023.10` of the first text `U-Boot 2023.10` in the first 64 MiB, streamed; undefined when there is none. */
export async function findUbootVersion(bytes: Bytes): Promise<string | undefined> {
  let rest: Uint8Array = new Uint8Array(0);
  for await (const piece of bytes.stream(0, Math.min(bytes.size, UBOOT_SEARCH_BYTES))) {
    // A text cut in two by the pieces stands whole in what is left of one with the start of the next.
    const seam = concatBytes([rest, piece.subarray(0, TEXT_BYTES - 1)]);
    const version = versionIn(seam) ?? versionIn(piece);
    if (version) return version;
    rest = tail(concatBytes([tail(rest), tail(piece)]));
  }
  return undefined;
}

function tail(data: Uint8Array): Uint8Array {
  return data.subarray(Math.max(0, data.length - (TEXT_BYTES - 1)));
}

function versionIn(data: Uint8Array): string | undefined {
  const first = MARK[0] as number;
  for (let at = data.indexOf(first); at >= 0; at = data.indexOf(first, at + 1)) {
    const fits = MARK.every((byte, index) => data[at + index] === byte);
    const match = fits && /^U-Boot (20\d\d\.\d\d)$/.exec(asciiText(data.subarray(at, at + TEXT_BYTES)));
    if (match) return match[1];
  }
  return undefined;
}
