import { PhaselineError } from '../base/errors.ts';
import { hexNumber } from '../base/sizes.ts';
import type { DfuAlternate } from '../dfu/descriptors.ts';
import type { ExpectedAlternate } from '../layout/alternates.ts';
import { findAlternate, parseAlternateName } from '../stm32/alternates.ts';
import { PHASE } from '../stm32/phases.ts';
import type { Connection } from './connection.ts';
import { fileOfRow } from './layout-line.ts';
import type { Plan } from './plan.ts';

/**
 * Whether the partitions that U-Boot offers are those of the layout: the same ids, names and access
 * letters in ascending order, and the same sizes where the layout fixes them (U-Boot cuts names at 31
 * characters; what is cut off is not held against it). The alternates behind
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
        (entry.access ?? wanted.access) === wanted.access &&
        (entry.size ?? wanted.announcedBytes) === (wanted.announcedBytes ?? entry.size)
      );
    })
  );
}

/**
 * What only the board can tell about the files, before it gets one: `files/family` when the FSBL is made
 * for another family, `files/too-big` when one cannot fit where U-Boot would put it. U-Boot itself
 * tells only at the end of a download (FINDINGS trap 7); what its rounded sizes leave open stays open.
 */
export function refuseUnfit(
  { stage, families, alternates }: Connection['board'],
  plan: Plan,
  alternatesFit: boolean,
): void {
  if (plan.families && !plan.families.some((family) => families.includes(family))) {
    const fsbl = fileOfRow(plan, PHASE.FSBL, plan.files.get(PHASE.FSBL)?.file ?? 'the FSBL');
    const text = `${fsbl} is made for ${plan.families.join('|')}, the board is ${families.join('|')}`;
    throw new PhaselineError('files/family', text, { fsbl: plan.families, board: families });
  }
  if (stage !== 'uboot' || !alternatesFit) return;
  for (const { id, name, file, bytes } of plan.planned) {
    const { mostBytes } = parseAlternateName(findAlternate(alternates, id)?.name ?? '') ?? {};
    if (mostBytes === undefined || bytes.size <= mostBytes) continue;
    const room = `partition ${name} (${hexNumber(id)}) of this board at most ${mostBytes}`;
    const text = `${fileOfRow(plan, id, file)} has ${bytes.size} bytes, ${room}`;
    throw new PhaselineError('files/too-big', text, { file, bytes: bytes.size, mostBytes });
  }
}
