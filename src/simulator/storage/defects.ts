/**
 * What is wrong with one device, set from outside at any time: faults and tests write it, the
 * device obeys. Offsets in bytes of the user area (mmc) or of the chip (mtd).
 */
export interface Defects {
  /** The device does not answer: no card, no chip. */
  absent: boolean;
  /** Writes fail once they would bring the sum of all bytes written since power-on above this. */
  failAfterBytes: number | undefined;
  /** A write that covers this offset fails, and what lies before it in the same write lands. */
  failWriteAt: number | undefined;
  /** This bit of this byte is turned over whenever it is written. */
  flipBit: { readonly offset: number; readonly bit: number } | undefined;
  /** Erase blocks whose next erase fails; the firmware then marks them bad. NAND only. */
  readonly wornBlocks: Set<number>;
  /** Speed of this device in ms per MiB; undefined = what the board's settings say for writes, 0 for erases. */
  writeMsPerMiB: number | undefined;
  eraseMsPerMiB: number | undefined;
}

export function noDefects(): Defects {
  return {
    absent: false,
    failAfterBytes: undefined,
    failWriteAt: undefined,
    flipBit: undefined,
    wornBlocks: new Set(),
    writeMsPerMiB: undefined,
    eraseMsPerMiB: undefined,
  };
}

/** How much of a write of `length` bytes at `offset` lands; less than `length` means that it fails. */
export function writableBytes(defects: Defects, writtenBefore: number, offset: number, length: number): number {
  const { failAfterBytes, failWriteAt } = defects;
  if (failAfterBytes !== undefined && writtenBefore + length > failAfterBytes) return 0;
  if (failWriteAt !== undefined && failWriteAt >= offset && failWriteAt < offset + length) return failWriteAt - offset;
  return length;
}

/** `data` as it lands at `offset`: itself, or a copy with the flipped bit. */
export function landedData(defects: Defects, offset: number, data: Uint8Array): Uint8Array {
  const flip = defects.flipBit;
  if (!flip || flip.offset < offset || flip.offset >= offset + data.length) return data;
  const copy = data.slice();
  copy[flip.offset - offset] = (copy[flip.offset - offset] as number) ^ (1 << flip.bit);
  return copy;
}
