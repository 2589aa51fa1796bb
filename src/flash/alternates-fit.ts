import type { DfuAlternate } from '../dfu/descriptors.ts';
import { parseAlternateName } from '../stm32/alternates.ts';
import { PHASE } from '../stm32/phases.ts';

/** An alternate setting that the layout makes U-Boot offer. */
export interface ExpectedAlternate {
  readonly id: number;
  readonly name: string;
  /** Selected and not empty. */
  readonly access: 'a' | 'e';
  /** Bytes as U-Boot announces them, rounded down to its unit; undefined when only the device knows. */
  readonly announcedBytes?: number;
}

/**
 * Whether the partitions that U-Boot offers are those of the layout: the same ids, names and access
 * letters in ascending order, and the same sizes where the layout fixes them. The alternates behind
 * them (virtual, OTP, PMIC) differ between boards and do not count.
 */
export function fitsLayout(offered: readonly DfuAlternate[], expected: readonly ExpectedAlternate[]): boolean {
  const facts = offered.map(({ name }) => (name === undefined ? undefined : parseAlternateName(name)));
  const partitions = facts.filter((entry) => entry === undefined || entry.id < PHASE.VIRTUAL);
  return (
    partitions.length === expected.length &&
    partitions.every((entry, index) => {
      const wanted = expected[index] as ExpectedAlternate;
      return (
        entry?.id === wanted.id &&
        entry.name === wanted.name &&
        entry.access === wanted.access &&
        (wanted.announcedBytes === undefined || wanted.announcedBytes === entry.size)
      );
    })
  );
}
