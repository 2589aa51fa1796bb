import { PhaselineError } from '../base/errors.ts';
import { hexNumber } from '../base/sizes.ts';
import { upload } from '../dfu/upload.ts';
import { findAlternate } from '../stm32/alternates.ts';
import { getPhase } from '../stm32/get-phase.ts';
import { PHASE } from '../stm32/phases.ts';
import type { Connection } from './connection.ts';
import type { FlashJob } from './job.ts';

/** What a board takes for a block of 4 KiB, ms, as measured for writing; nobody measured reading. */
const BLOCK_MS = 2.06;
const BLOCK_BYTES = 4096;

/** How long it may take to read that much, in seconds. An estimate: it is told before there is a measurement. */
export function readingSeconds(bytes: number): number {
  return (Math.ceil(bytes / BLOCK_BYTES) * BLOCK_MS) / 1000;
}

/**
 * The bytes of a partition from its start to its end, or to `mostBytes`; then the upload is aborted. A
 * partition can be read once in a session: U-Boot refuses it after an abort (FINDINGS trap 5). Only
 * when U-Boot wants no more phase, since SetPhase may have moved the start otherwise. Pieces are the caller's own.
 * Fails with `board/no-alternate`, `board/unexpected-phase`, the reason of the job's signal, and what the
 * port fails with.
 */
export async function* readAlternate(
  job: FlashJob,
  { dfu }: Connection,
  phase: number,
  mostBytes: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const alternate = findAlternate(dfu.alternates, phase);
  if (!alternate) {
    throw new PhaselineError('board/no-alternate', `no alternate setting to read ${hexNumber(phase)} from`);
  }
  await insistOnEnd(job, dfu);
  let at = 0;
  const options = { blockMs: job.deadlines.downloadMs.uboot, limitBytes: Number.MAX_SAFE_INTEGER };
  for await (const block of upload(dfu, alternate.index, options)) {
    job.signal.throwIfAborted();
    yield block.length > mostBytes - at ? block.subarray(0, mostBytes - at) : block;
    at += block.length;
    if (at >= mostBytes) return;
  }
}

/**
 * GetPhase, for its answer and for what it does: U-Boot gives its one buffer back and makes the next one as large as
 * the next medium wants it. With that of a NOR flash it would read a NAND at half erase blocks, which reads
 * nothing and says that all is well (protocol.md Q-14).
 */
async function insistOnEnd({ deadlines }: FlashJob, dfu: Connection['dfu']): Promise<void> {
  const { phase, text } = await getPhase(dfu, deadlines.transferMs.uboot);
  if (phase === PHASE.END) return;
  const reason = text === '' ? '' : `: ${text}`;
  throw new PhaselineError(
    'board/unexpected-phase',
    `the board was to be read and is in phase ${hexNumber(phase)}${reason}`,
  );
}
