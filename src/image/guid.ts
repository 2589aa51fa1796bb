import { fromHex, toHex } from '../base/bytes.ts';

/** Order of the 16 stored bytes in the text: the first three fields are little-endian (UEFI 2.10 appendix A). */
const ORDER = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15] as const;

/** A GUID as a GPT stores it, to lower-case text. */
export function guidText(stored: Uint8Array): string {
  const hex = toHex(Uint8Array.from(ORDER, (index) => stored[index] ?? 0));
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Text to the 16 bytes that a GPT stores. RangeError when it is no GUID. */
export function guidBytes(text: string): Uint8Array {
  const plain = fromHex(text.replaceAll('-', ''));
  if (plain.length !== 16) throw new RangeError(`not a GUID: ${text}`);
  const stored = new Uint8Array(16);
  ORDER.forEach((index, at) => {
    stored[index] = plain[at] as number;
  });
  return stored;
}
