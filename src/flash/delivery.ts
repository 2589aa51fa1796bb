import { createHash } from 'node:crypto';
import { PhaselineError } from '../base/errors.ts';
import { hexNumber } from '../base/sizes.ts';
import { findAlternate } from '../stm32/alternates.ts';
import { stillToCome } from './course.ts';
import { inPhase } from './in-phase.ts';
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
