import type { DfuAlternate } from '../dfu/descriptors.ts';

/** What the name of an alternate setting says. protocol.md §2.2 and §5.6. */
export interface AlternateFacts {
  /** `FSBL`, `DDR FIP`; may itself contain slashes. */
  readonly name: string;
  /** The phase id: what an alternate is found by. Its number on the bus means nothing (FINDINGS §1.5). */
  readonly id: number;
  /** As announced, in bytes; rounded down by U-Boot (FINDINGS trap 7). Undefined when cut off. */
  readonly size: number | undefined;
  /** The most bytes that such a name can stand for in U-Boot, which rounds down to the unit. Undefined when cut off. */
  readonly mostBytes: number | undefined;
  /** `e`: the board expects an image here; `a`: it does not. It writes both (FINDINGS trap 6). Undefined when cut off. */
  readonly access: 'a' | 'e' | undefined;
}

/**
 * Anchored at the end: a partition's name may look like an id (`x/0x11/y`, FINDINGS §4). The last letters
 * may be missing: U-Boot cuts at 31 characters.
 */
const ALTERNATE = /^@(.*?) *\/0x([0-9a-f]{1,2})\/1\*(\d{1,10})(?:([BKMG])([ae])?)?$/i;
const UNITS = { B: 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 } as const;

/** Undefined for a name of another kind: DfuSe memory maps, `u-boot.itb`, `UNKNOWN`, or no name at all. */
export function parseAlternateName(text: string): AlternateFacts | undefined {
  const match = ALTERNATE.exec(text);
  if (!match) return undefined;
  const [, name = '', id = '', digits = '', unit, access] = match;
  const unitBytes = unit === undefined ? undefined : UNITS[unit.toUpperCase() as keyof typeof UNITS];
  return {
    name,
    id: Number.parseInt(id, 16),
    size: unitBytes && Number(digits) * unitBytes,
    mostBytes: unitBytes && Number(digits) * unitBytes + unitBytes - 1,
    access: access?.toLowerCase() as AlternateFacts['access'],
  };
}

/** The alternate whose name carries `id`; undefined when none does. */
export function findAlternate(alternates: readonly DfuAlternate[], id: number): DfuAlternate | undefined {
  return alternates.find(({ name }) => name !== undefined && parseAlternateName(name)?.id === id);
}
