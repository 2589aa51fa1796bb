const PIECE_BYTES = 64 * 1024;

/** `length` bytes of one pattern over and over; `at` is where in the pattern they start. */
export function repeatedBytes(pattern: Uint8Array): (length: number, at?: number) => Generator<Uint8Array> {
  const buffer = new Uint8Array(PIECE_BYTES + pattern.length);
  for (let i = 0; i < buffer.length; i += 1) buffer[i] = pattern[i % pattern.length] as number;
  return function* (length, at = 0) {
    const start = at % pattern.length;
    // A whole number of patterns, so that the next piece starts where this one does.
    const most = PIECE_BYTES - (PIECE_BYTES % pattern.length);
    for (let left = length; left > 0; left -= most) yield buffer.subarray(start, start + Math.min(most, left));
  };
}

export const zeros = repeatedBytes(Uint8Array.of(0));
