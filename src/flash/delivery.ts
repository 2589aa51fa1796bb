import { createHash } from 'node:crypto';
import { isPhaselineError, PhaselineError } from '../base/errors.ts';
import { hexNumber } from '../base/sizes.ts';
import { download } from '../dfu/download.ts';
import { DEFAULT_WINDOW } from '../dfu/send-windowed.ts';
import { findAlternate } from '../stm32/alternates.ts';
import { CHIPS } from '../stm32/chips.ts';
import { PHASE } from '../stm32/phases.ts';
import type { Connection } from './connection.ts';
import type { FlashJob } from './job.ts';
import type { Ledger } from './ledger.ts';
import type { PlannedFile } from './plan.ts';
import { progressMeter } from './progress.ts';

/**
 * Brings one file to its phase and proves it: resolves when the board acknowledged every byte and
 * the manifest ended. Another way than DFU (bulk transfers, later) is another function of this type.
 */
export type Delivery = (job: FlashJob, to: Connection, file: PlannedFile, ledger: Ledger) => Promise<void>;

export const deliverByDfu: Delivery = async (job, to, file, ledger) => {
  const { dfu, board } = to;
  const id = hexNumber(file.id);
  const alternate = findAlternate(board.alternates, file.id);
  if (!alternate) {
    const offered = board.alternates.map(({ name }) => name ?? '?').join(' ');
    throw new PhaselineError('board/no-alternate', `no alternate setting for phase ${id}; the board offers ${offered}`);
  }
  const index = ledger.start(file);
  // The layout goes out beside the files, and twice to a TF-A that wants it first.
  const count = Math.max(index, job.plan.planned.length + 1);
  job.emit({ event: 'phase', id, name: file.name, file: file.file, bytes: file.bytes.size, index, count });

  const hash = createHash('sha256');
  const progress = progressMeter(job.clock, job.emit, id, file.bytes.size);
  try {
    const { bytes } = await download(dfu, alternate.index, hashed(file, hash), {
      blockMs: job.deadlines.downloadMs[board.stage],
      manifestMs: job.deadlines.manifestMs[board.stage],
      window: board.stage === 'uboot' ? (job.window ?? DEFAULT_WINDOW) : 1,
      mayVanish: board.stage === 'rom' && !romNeedsDetach(board),
      signal: job.signal,
      onProgress: (done) => {
        ledger.acknowledged(done);
        progress(done);
      },
    });
    if (bytes !== file.bytes.size)
      throw new PhaselineError('files/changed', `${file.file} gave ${bytes} bytes of ${file.bytes.size}`);
  } catch (error) {
    throw inPhase(error, file, board.stage);
  }
  const sha256 = hash.digest('hex');
  const seconds = ledger.complete(sha256);
  job.emit({ event: 'phase-done', id, bytes: file.bytes.size, seconds, sha256 });
};

/** Whether the ROM of this board starts the FSBL only after a DETACH. */
export function romNeedsDetach(board: Connection['board']): boolean {
  return board.families.every((family) => CHIPS[family].romNeedsDetach);
}

async function* hashed(file: PlannedFile, hash: ReturnType<typeof createHash>): AsyncGenerator<Uint8Array> {
  for await (const piece of file.bytes.stream()) {
    hash.update(piece);
    yield piece;
  }
}

/** Says in which phase it happened; a status error while the ROM takes the FSBL is its refusal. */
function inPhase(error: unknown, file: PlannedFile, stage: string): unknown {
  if (!isPhaselineError(error) || error.exitCode < 5) return error;
  const place = `phase ${hexNumber(file.id)} ${file.name} (${file.file})`;
  const details = { ...error.details, phase: file.id, file: file.file };
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
