import type { Hash } from 'node:crypto';
import type { Extent } from '../base/bytes.ts';
import { isPhaselineError, PhaselineError } from '../base/errors.ts';
import { hexNumber } from '../base/sizes.ts';
import { BLOCK_NUMBERS } from '../dfu/block-run.ts';
import { download } from '../dfu/download.ts';
import { DEFAULT_WINDOW } from '../dfu/send-windowed.ts';
import { PHASE } from '../stm32/phases.ts';
import { askPhase } from './ask.ts';
import { type Connection, romNeedsDetach } from './connection.ts';
import type { FlashJob } from './job.ts';
import { CABLE_OUT, type Link } from './link.ts';
import type { PlannedFile } from './plan.ts';
import { startAt } from './start-at.ts';

/** One range of a file, on its way to where it belongs in the partition. */
export interface Part {
  readonly file: PlannedFile;
  readonly extent: Extent;
  readonly alternate: number;
  /** Goes on with what the board takes. */
  readonly hash: Hash;
  /** Bytes of the extent that the board has acknowledged. */
  readonly onProgress: (bytesAcknowledged: number) => void;
}

/** How far the board has come with an extent. */
interface Position {
  /** SetPhase has been there, where it is needed. */
  placed: boolean;
  /** Bytes of the blocks that the board has taken, acknowledged or not. */
  taken: number;
}

/**
 * Sends one range as a download of its own; its manifest ends the phase. A cable that is pulled and put back
 * meanwhile is waited for, where `link` allows it: the download goes on with the block behind the last one
 * that the board has taken (FINDINGS trap 5a). Where the board has taken one whose answer was lost, it
 * refuses that number, which ends in `board/not-resumed`; nothing is guessed.
 */
export async function sendExtent(job: FlashJob, link: Link, part: Part): Promise<void> {
  const position: Position = { placed: part.extent.offset === 0, taken: 0 };
  for (let cuts = 0; ; cuts += 1) {
    const from = position.taken;
    try {
      await sendFrom(job, link.now, part, position);
      return;
    } catch (error) {
      if (!isPhaselineError(error, ...CABLE_OUT)) throw cuts === 0 ? error : refusedAt(error, from, link.now);
      await link.rejoin(error);
      if (position.taken === part.extent.length && (await hasEnded(job, link.now, part, error))) return;
    }
  }
}

async function sendFrom(job: FlashJob, to: Connection, part: Part, position: Position): Promise<void> {
  const { file, extent, alternate, hash, onProgress } = part;
  const { dfu, board } = to;
  if (!position.placed) await startAt(job, to, { phase: file.id, offset: extent.offset });
  position.placed = true;
  const from = position.taken;
  const rest = file.bytes.stream(extent.offset + from, extent.length - from);
  const { bytes } = await download(dfu, alternate, rest, {
    firstBlock: numberOf(from, to),
    blockMs: job.deadlines.downloadMs[board.stage],
    manifestMs: job.deadlines.manifestMs[board.stage],
    window: board.stage === 'uboot' ? (job.window ?? DEFAULT_WINDOW) : 1,
    mayVanish: board.stage === 'rom' && !romNeedsDetach(board),
    signal: job.signal,
    onTaken: (block) => {
      hash.update(block);
      position.taken += block.length;
    },
    onProgress: (acknowledged) => onProgress(from + acknowledged),
  });
  if (from + bytes === extent.length) return;
  const text = `${file.file} gave ${from + bytes} bytes of ${extent.length} from ${extent.offset} on`;
  throw new PhaselineError('files/changed', text);
}

/** All blocks were taken when the cable was pulled: only the board knows whether it got the end as well. */
async function hasEnded(job: FlashJob, to: Connection, { file }: Part, failure: PhaselineError): Promise<boolean> {
  const reply = await askPhase(to, job.deadlines.manifestMs.uboot);
  if (reply === 'silent') throw failure;
  if (reply.phase === PHASE.ERROR) throw new PhaselineError('board/error', reply.text, { text: reply.text }, failure);
  if (reply.phase !== file.id) return true;
  // A zero-length DNLOAD is refused outside of a download, and there is no block left to open one (FINDINGS §3).
  const text = `the cable was out at the end of the image, and the board did not get it (${failure.message})`;
  throw new PhaselineError('board/not-resumed', text, failure.details, failure);
}

/** The board did not go on where the cable was pulled: it had more of the image than it could say. */
function refusedAt(error: unknown, from: number, to: Connection): unknown {
  if (!isPhaselineError(error, 'dfu/status', 'dfu/protocol', 'usb/stall')) return error;
  const number = numberOf(from, to);
  if (error.details.block !== number) return error;
  const text = `the cable was out at block ${number} (${hexNumber(from)}), and the board did not go on there: ${error.message}`;
  return new PhaselineError('board/not-resumed', text, error.details, error);
}

/** The block that starts at that byte: all but the last have the transfer size. */
function numberOf(byte: number, { dfu }: Connection): number {
  return Math.ceil(byte / dfu.transferSize) % BLOCK_NUMBERS;
}
