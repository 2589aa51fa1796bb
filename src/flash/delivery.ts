import { createHash } from 'node:crypto';
import { isPhaselineError, PhaselineError } from '../base/errors.ts';
import { hexNumber } from '../base/sizes.ts';
import { findAlternate } from '../stm32/alternates.ts';
import { PHASE } from '../stm32/phases.ts';
import { stillToCome } from './course.ts';
import type { FlashJob } from './job.ts';
import type { Ledger } from './ledger.ts';
import type { Link } from './link.ts';
import type { PlannedFile } from './plan.ts';
import { progressMeter } from './progress.ts';
import { sendExtent } from './send-extent.ts';

/**
 * Brings one file to its phase and proves it: resolves when the board acknowledged every byte and
 * the manifest ended. Another way than DFU (bulk transfers, later) is another function of this type.
 */
export type Delivery = (job: FlashJob, link: Link, file: PlannedFile, ledger: Ledger) => Promise<void>;

export const deliverByDfu: Delivery = async (job, link, file, ledger) => {
  const { board } = link.now;
  const id = hexNumber(file.id);
  const alternate = findAlternate(board.alternates, file.id);
  if (!alternate) {
    const offered = board.alternates.map(({ name }) => name ?? '?').join(' ');
    throw new PhaselineError('board/no-alternate', `no alternate setting for phase ${id}; the board offers ${offered}`);
  }
  const jobBytesBefore = ledger.bytes;
  const index = ledger.start(file);
  const rest = stillToCome(job.plan, file, board.stage);
  const { bytesToSend, extents } = file;
  const sizes = { bytes: bytesToSend, imageBytes: file.bytes.size, extents: extents.length };
  const jobBytes = jobBytesBefore + bytesToSend + rest.reduce((sum, next) => sum + next.bytesToSend, 0);
  const place = { index, count: index + rest.length, jobBytes, jobBytesBefore };
  job.emit({ event: 'phase', id, name: file.name, file: file.file, ...sizes, ...place });
  if (file.note !== undefined) job.emit({ event: 'warning', message: `${file.file}: ${file.note}` });

  const hash = createHash('sha256');
  const progress = progressMeter(job.clock, job.emit, id, bytesToSend);
  try {
    let before = 0;
    for (const extent of extents) {
      const onProgress = (done: number) => {
        ledger.acknowledged(before + done);
        progress(before + done);
      };
      await sendExtent(job, link, { file, extent, alternate: alternate.index, hash, onProgress });
      before += extent.length;
    }
  } catch (error) {
    throw inPhase(error, file, board.stage);
  }
  const sha256 = hash.digest('hex');
  const seconds = ledger.complete(sha256);
  job.emit({ event: 'phase-done', id, bytes: bytesToSend, seconds, sha256 });
};

/** Says in which phase it happened; a status error while the ROM takes the FSBL is its refusal. */
function inPhase(error: unknown, file: PlannedFile, stage: string): unknown {
  if (!isPhaselineError(error) || error.exitCode < 5) return error;
  const place = `phase ${hexNumber(file.id)} ${file.name} (${file.file})`;
  const details = { ...error.details, stage, phase: file.id, file: file.file };
  if (stage === 'rom' && file.id === PHASE.FSBL && error.code === 'dfu/status') {
    return new PhaselineError(
      'board/fsbl-refused',
      `the ROM refused the FSBL ${file.file}: ${error.message}`,
      details,
      error,
    );
  }
  return new PhaselineError(error.code, `${place}: ${error.message}`, details, error);
}
