import { isPhaselineError } from '../base/errors.ts';
import type { BlockRun } from './block-run.ts';
import { DFU_STATE } from './constants.ts';
import { settle } from './settle.ts';

export interface ManifestOptions {
  /** From the zero-length DNLOAD until dfuIDLE. */
  readonly manifestMs: number;
  /** Whether a device that falls silent in dfuMANIFEST has done its work (the ROM of STM32MP15). */
  readonly mayVanish: boolean;
}

/** How an image ended: the device said dfuIDLE, or it ran what it was given and no longer answers. */
export type ManifestEnd = 'idle' | 'vanished';

const PASSING = [DFU_STATE.dfuMANIFEST_SYNC, DFU_STATE.dfuMANIFEST];

/**
 * Ends the image with a zero-length DNLOAD, which carries the next block number (FINDINGS §3: a wrong
 * one is fatal), and asks GETSTATUS until dfuIDLE. U-Boot writes the rest when it answers the first question.
 */
export async function manifest(run: BlockRun, blockNumber: number, options: ManifestOptions): Promise<ManifestEnd> {
  const { download, clock } = run;
  let manifesting = false;
  let silence: unknown;
  await download.dnload(blockNumber, new Uint8Array(0), options.manifestMs);
  try {
    await settle({
      clock,
      getStatus: async (timeoutMs) => {
        try {
          const status = await download.getStatus(timeoutMs);
          manifesting ||= status.state === DFU_STATE.dfuMANIFEST;
          return status;
        } catch (error) {
          silence = error;
          throw error;
        }
      },
      wanted: DFU_STATE.dfuIDLE,
      passing: PASSING,
      deadlineMs: options.manifestMs,
      doing: 'after the last block',
    });
    return 'idle';
  } catch (error) {
    const vanished = manifesting && error === silence && isPhaselineError(error, 'usb/io', 'usb/timeout', 'usb/gone');
    if (vanished && options.mayVanish) return 'vanished';
    throw error;
  }
}
