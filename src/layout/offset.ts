import { parsePlainNumber } from './number.ts';

/** Bytes from the start of the device, or one of an eMMC's boot partitions. */
export type Offset = number | 'boot1' | 'boot2';

/** Undefined for what U-Boot refuses, and beyond 2^53. */
export function parseOffset(text: string): Offset | undefined {
  return text === 'boot1' || text === 'boot2' ? text : parsePlainNumber(text);
}

/** Hex with 0x: the one notation that every version of U-Boot reads alike (layout-grammar.md §3). */
export function formatOffset(offset: Offset): string {
  return typeof offset === 'string' ? offset : `0x${offset.toString(16).toUpperCase().padStart(8, '0')}`;
}
