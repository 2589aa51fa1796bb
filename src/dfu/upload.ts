import { PhaselineError } from '../base/errors.ts';
import type { DfuInterface } from './interface.ts';
import { recoverToIdle } from './recover.ts';

export interface UploadOptions {
  /** Deadline of each request: any of them may meet a medium that is still being written. */
  readonly blockMs: number;
  /** The most bytes that can be there; a device that sends more never ends, and is `dfu/protocol`. */
  readonly limitBytes: number;
}

/**
 * Reads an alternate setting from its start to its end, block by block. Each request is for
 * wTransferSize: U-Boot moves on by that much whatever is asked (FINDINGS trap 2). The end is a
 * shorter block. Leaving early aborts; U-Boot then refuses the next upload of that alternate
 * until a DNLOAD on it has failed (FINDINGS trap 5).
 */
export async function* upload(
  dfu: DfuInterface,
  alternate: number,
  options: UploadOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  await dfu.select(alternate, options.blockMs);
  await recoverToIdle(dfu, options.blockMs);
  const open = dfu.openUpload(alternate);
  let bytes = 0;
  let midway = true;
  try {
    for (let block = 0; ; block = (block + 1) & 0xffff) {
      const data = await open.upload(block, open.transferSize, options.blockMs).catch((error: unknown) => {
        midway = false;
        throw error;
      });
      midway = data.length === open.transferSize;
      bytes += data.length;
      if (bytes > options.limitBytes) {
        throw new PhaselineError('dfu/protocol', `more than ${options.limitBytes} bytes come from the board`, {
          bytes,
        });
      }
      if (data.length > 0) yield data;
      if (!midway) return;
    }
  } finally {
    open.close();
    if (midway) await dfu.abort(options.blockMs);
  }
}
