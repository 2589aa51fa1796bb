import { isPhaselineError, PhaselineError } from '../base/errors.ts';
import { hexNumber } from '../base/sizes.ts';
import { Comparison, type Difference } from './comparison.ts';
import type { Connection } from './connection.ts';
import { inPhase } from './in-phase.ts';
import type { FlashJob } from './job.ts';
import type { Ledger } from './ledger.ts';
import type { Plan, PlannedFile } from './plan.ts';
import { progressMeter } from './progress.ts';
import { readAlternate, readingSeconds } from './read-alternate.ts';

/** `--verify`. */
export type Verification = 'none' | 'readback';

/** What the board will be asked to give back: the files on its media, in the order of their phases. */
function filesToVerify(plan: Plan): readonly PlannedFile[] {
  return [...plan.planned.filter(({ id }) => plan.storagePhases.includes(id)), ...plan.finished].toSorted(
    (a, b) => a.id - b.id,
  );
}

/** Bytes to read for a file: from the start of the partition to the last range that was sent. */
function bytesToRead({ extents }: PlannedFile): number {
  const last = extents.at(-1);
  return last ? last.offset + last.length : 0;
}

/** `usage/arguments` when a file of the plan cannot be read back; to be asked before anything is sent. */
export function refuseUnverifiable(plan: Plan): void {
  for (const { id, name, noReadback } of filesToVerify(plan)) {
    if (noReadback === undefined) continue;
    throw new PhaselineError(
      'usage/arguments',
      `--verify readback: ${hexNumber(id)} ${name} cannot be read back: ${noReadback}`,
    );
  }
}

/** How much there is to read back, in bytes and in estimated seconds. */
export function expectedReading(plan: Plan): { readonly bytes: number; readonly seconds: number } {
  const bytes = filesToVerify(plan).reduce((sum, file) => sum + bytesToRead(file), 0);
  return { bytes, seconds: readingSeconds(bytes) };
}

/** Tells how much is going to be read back and how long that may take, before anything is sent. */
export function announceVerification({ plan, emit }: FlashJob): void {
  emit({ event: 'verify', step: 'planned', ...expectedReading(plan) });
  for (const { file, copies } of filesToVerify(plan)) {
    if (copies === 1) continue;
    const further = copies === 2 ? '1 further copy' : `${copies - 1} further copies`;
    emit({
      event: 'warning',
      message: `${file}: U-Boot makes ${further} of it itself; only the first one is read back`,
    });
  }
}

/**
 * Reads every file on the media back, each from the start of its partition, and compares the ranges that were
 * sent: with the image, and by sha256 with what was acknowledged. For U-Boot that wants nothing more. Fails
 * with `verify/difference` at the first byte that differs, and with `files/changed` when the image
 * is no longer what was sent.
 */
export async function verifyReadback(job: FlashJob, to: Connection, ledger: Ledger): Promise<void> {
  const files = filesToVerify(job.plan);
  const jobBytes = expectedReading(job.plan).bytes;
  let jobBytesBefore = 0;
  for (const [at, file] of files.entries()) {
    const bytes = bytesToRead(file);
    const id = hexNumber(file.id);
    const place = { id, name: file.name, file: file.file, bytes, index: at + 1, count: files.length };
    const whole = { jobBytes, jobBytesBefore, seconds: readingSeconds(bytes) };
    job.emit({ event: 'verify', step: 'reading', ...place, ...whole });
    jobBytesBefore += bytes;
    const startedAt = job.clock.now();
    const sha256 = await compare(job, to, file, bytes);
    if (sha256 !== (ledger.sha256Of(file) ?? finishedSha256(job.plan, file))) {
      const text = `${file.file} is no longer what was sent to phase ${id}`;
      throw new PhaselineError('files/changed', text, { file: file.file });
    }
    const seconds = (job.clock.now() - startedAt) / 1000;
    job.emit({ event: 'verify', step: 'equal', ...place, seconds, sha256 });
  }
}

/** Reads so many bytes back from the start of a file's partition; the sha256 of its ranges, or `verify/difference`. */
export async function compare(job: FlashJob, to: Connection, file: PlannedFile, bytes: number): Promise<string> {
  const comparison = new Comparison(file.bytes, file.extents);
  const progress = progressMeter(job.clock, job.emit, hexNumber(file.id), bytes);
  try {
    let done = 0;
    for await (const block of readAlternate(job, to, file.id, bytes)) {
      const difference = await comparison.take(block);
      if (difference) throw differenceError(file, difference);
      done += block.length;
      progress(done);
    }
    const end = await comparison.end();
    if (typeof end !== 'string') throw differenceError(file, end);
    return end;
  } catch (error) {
    if (isPhaselineError(error, 'verify/difference')) throw error;
    throw inPhase(error, file, to.board.stage, ', reading back');
  } finally {
    await comparison.close();
  }
}

function differenceError({ id, name, file }: PlannedFile, { offset, sent, read }: Difference): PhaselineError {
  const place = `phase ${hexNumber(id)} ${name} (${file})`;
  const found = read === undefined ? 'the partition has ended' : `${hexNumber(read)} was read back`;
  const text = `${place}: at byte ${offset} ${hexNumber(sent)} was sent and ${found}`;
  return new PhaselineError('verify/difference', text, { phase: id, file, offset, sent, read });
}

function finishedSha256({ finished }: Plan, file: PlannedFile): string | undefined {
  return finished.find((earlier) => earlier === file)?.sha256;
}
