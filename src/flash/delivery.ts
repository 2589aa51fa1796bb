import { createHash, type Hash } from 'node:crypto';
import type { Extent } from '../base/bytes.ts';
import { isPhaselineError, PhaselineError } from '../base/errors.ts';
import { hexNumber } from '../base/sizes.ts';
import { download } from '../dfu/download.ts';
import { DEFAULT_WINDOW } from '../dfu/send-windowed.ts';
import { findAlternate } from '../stm32/alternates.ts';
import { CHIPS } from '../stm32/chips.ts';
import { PHASE } from '../stm32/phases.ts';
import type { Connection } from './connection.ts';
import { stillToCome } from './course.ts';
import type { FlashJob } from './job.ts';
import type { Ledger } from './ledger.ts';
import type { PlannedFile } from './plan.ts';
import { progressMeter } from './progress.ts';
import { startAt } from './start-at.ts';

/**
 * Brings one file to its phase and proves it: resolves when the board acknowledged every byte and
 * the manifest ended. Another way than DFU (bulk transfers, later) is another function of this type.
 */
export type Delivery = (job: FlashJob, to: Connection, file: PlannedFile, ledger: Ledger) => Promise<void>;

export const deliverByDfu: Delivery = async (job, to, file, ledger) => {
  const { board } = to;
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
      await sendExtent(job, to, { file, extent, alternate: alternate.index, hash, onProgress });
      before += extent.length;
    }
  } catch (error) {
    throw inPhase(error, file, board.stage);
  }
  const sha256 = hash.digest('hex');
  const seconds = ledger.complete(sha256);
  job.emit({ event: 'phase-done', id, bytes: bytesToSend, seconds, sha256 });
};

interface Part {
  readonly file: PlannedFile;
  readonly extent: Extent;
  readonly alternate: number;
  /** Goes on with what is sent. */
  readonly hash: Hash;
  /** Bytes of the extent that the board has acknowledged. */
  readonly onProgress: (bytesAcknowledged: number) => void;
}

/** One range as a download of its own, to where it belongs in the partition; its manifest ends the phase. */
async function sendExtent(job: FlashJob, to: Connection, part: Part): Promise<void> {
  const { file, extent, alternate, hash, onProgress } = part;
  const { dfu, board } = to;
  if (extent.offset > 0) await startAt(job, to, { phase: file.id, offset: extent.offset });
  const { bytes } = await download(dfu, alternate, hashed(file, extent, hash), {
    blockMs: job.deadlines.downloadMs[board.stage],
    manifestMs: job.deadlines.manifestMs[board.stage],
    window: board.stage === 'uboot' ? (job.window ?? DEFAULT_WINDOW) : 1,
    mayVanish: board.stage === 'rom' && !romNeedsDetach(board),
    signal: job.signal,
    onProgress,
  });
  if (bytes === extent.length) return;
  const text = `${file.file} gave ${bytes} bytes of ${extent.length} from ${extent.offset} on`;
  throw new PhaselineError('files/changed', text);
}

/** Whether the ROM of this board starts the FSBL only after a DETACH. */
export function romNeedsDetach(board: Connection['board']): boolean {
  return board.families.every((family) => CHIPS[family].romNeedsDetach);
}

async function* hashed(file: PlannedFile, { offset, length }: Extent, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const piece of file.bytes.stream(offset, length)) {
    hash.update(piece);
    yield piece;
  }
}

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
