import { PhaselineError } from '../base/errors.ts';
import { BlockReader } from './block-reader.ts';
import { atBlock, type BlockRun } from './block-run.ts';
import type { DfuInterface } from './interface.ts';
import { type ManifestEnd, manifest } from './manifest.ts';
import { recoverToIdle } from './recover.ts';
import { sendBlocks } from './send-blocks.ts';
import { windowFor } from './send-windowed.ts';

export interface DownloadOptions {
  /**
   * Deadline of each DNLOAD, and of the GETSTATUS after it: U-Boot answers that one only when its
   * buffer of 8 MiB is written, so 30 s at least there; 5 s in ROM and TF-A (FINDINGS §3, trap 10).
   */
  readonly blockMs: number;
  /** Deadline from the zero-length DNLOAD until dfuIDLE: the rest is written, a UBI tail erased. */
  readonly manifestMs: number;
  /**
   * Called with each block of data that the device has taken: its DNLOAD was answered, so that its number is
   * used up, whatever becomes of the status after it. In order, and before that status is judged.
   */
  readonly onTaken?: (block: Uint8Array) => void;
  /** Bytes that the device has acknowledged, after every block. */
  readonly onProgress?: (bytesAcknowledged: number) => void;
  /** Number of the first block: 0, unless an interrupted download is continued (FINDINGS trap 5a). */
  readonly firstBlock?: number;
  /** True only for the ROM of STM32MP15, which jumps into the image without a last answer (protocol.md §2.3). */
  readonly mayVanish?: boolean;
  /**
   * Blocks that may be sent ahead of their answers; 1 (the default) waits for each. Used only as long as
   * the device answers with a poll timeout of 0. Each adds 100 ms to `blockMs`.
   */
  readonly window?: number;
  /** Stops between two blocks, with the signal's reason. The device is left in dfuDNLOAD-IDLE. */
  readonly signal?: AbortSignal;
}

export interface DownloadResult {
  readonly bytes: number;
  /** `vanished` only where `mayVanish` allows it: the caller has to prove success another way. */
  readonly manifest: ManifestEnd;
}

/**
 * Sends one image to an alternate setting: SET_INTERFACE, back to dfuIDLE, blocks of exactly
 * wTransferSize, a zero-length DNLOAD, then GETSTATUS until dfuIDLE. After a failure nothing more is
 * sent. Pieces of `bytes` may have any size, and live as long as base/bytes.ts promises.
 *
 * Fails with `dfu/status` (the device says what went wrong), `dfu/protocol`, what the port fails
 * with, and what `bytes` fails with. An image without bytes is `files/format` before anything is
 * sent: U-Boot stalls it (protocol.md Q-17).
 */
export async function download(
  dfu: DfuInterface,
  alternate: number,
  bytes: AsyncIterable<Uint8Array>,
  options: DownloadOptions,
): Promise<DownloadResult> {
  const reader = new BlockReader(bytes, dfu.transferSize);
  try {
    const first = await reader.next();
    if (first === undefined) throw new PhaselineError('files/format', 'an image without bytes cannot be sent');
    // A device that still writes what it was given answers this one late.
    await dfu.select(alternate, options.blockMs);
    await recoverToIdle(dfu, options.blockMs);
    return await deliver(dfu, alternate, first, reader, options);
  } finally {
    await reader.close();
  }
}

async function deliver(
  dfu: DfuInterface,
  alternate: number,
  first: Uint8Array,
  rest: BlockReader,
  options: DownloadOptions,
): Promise<DownloadResult> {
  const run: BlockRun = {
    download: dfu.openDownload(alternate),
    clock: dfu.clock,
    firstBlock: options.firstBlock ?? 0,
    blockMs: options.blockMs,
    window: windowFor(dfu.transferSize, options.window ?? 1),
    onTaken: options.onTaken,
    onProgress: options.onProgress,
    signal: options.signal,
  };
  try {
    const sent = await sendBlocks(run, first, rest);
    const end = await manifest(run, sent.nextBlock, {
      manifestMs: options.manifestMs,
      mayVanish: options.mayVanish ?? false,
    }).catch((error: unknown) => {
      throw atBlock(error, sent.nextBlock, sent.bytes);
    });
    return { bytes: sent.bytes, manifest: end };
  } finally {
    run.download.close();
  }
}
