import type { Extent } from '../base/bytes.ts';
import { isPhaselineError, PhaselineError } from '../base/errors.ts';
import type { Connection } from './connection.ts';
import type { FlashJob } from './job.ts';
import type { PlannedFile } from './plan.ts';
import { compare } from './verify.ts';

/** Of each finished file; 16 blocks, and one buffer that U-Boot fills for them. */
const HEAD_BYTES = 64 * 1024;
/** A file whose first range lies further in is not looked at: a partition can only be read from its start. */
const REACH_BYTES = 8 * 2 ** 20;

/**
 * Reads the start of what an earlier job had finished: a journal knows the board, and not which card is in
 * it. Fails with `verify/difference`.
 */
export async function verifyHeads(job: FlashJob, to: Connection): Promise<void> {
  const quiet: FlashJob = { ...job, emit: () => undefined };
  for (const file of job.plan.finished) {
    const head = headOf(file);
    if (head === undefined) continue;
    try {
      await compare(quiet, to, { ...file, extents: [head] }, head.offset + head.length);
    } catch (error) {
      if (!isPhaselineError(error, 'verify/difference')) throw error;
      const text = `${error.message}; an earlier job had finished it, on another card or chip`;
      throw new PhaselineError(error.code, text, error.details, error);
    }
  }
}

function headOf({ extents: [first], noReadback }: PlannedFile): Extent | undefined {
  if (!first || first.offset > REACH_BYTES || noReadback !== undefined) return undefined;
  return { offset: first.offset, length: Math.min(first.length, HEAD_BYTES) };
}
