import { describe, expect, test } from 'vitest';
import type { Clock } from '../../src/base/clock.ts';
import type { ErrorCode } from '../../src/base/error-codes.ts';
import { PhaselineError } from '../../src/base/errors.ts';
import { download } from '../../src/dfu/download.ts';
import { openDfu } from '../../src/dfu/interface.ts';
import { recoverToIdle } from '../../src/dfu/recover.ts';
import type { UsbBus } from '../../src/usb/port.ts';
import { imageOf, inPieces } from './stream.ts';

const WINDOW = 8;
const BLOCK = 4096;
/** Blocks that go one by one before a window opens (FINDINGS §3), and one window that goes well. */
const BEFORE = 2 + WINDOW;
const PLACES = Array.from({ length: WINDOW }, (_, place) => place);
/** What a block may take, beside 100 ms for each one of the window; far more than one ever takes here. */
const BLOCK_MS = 2_000;
const AMPLE_MS = 10_000;

interface Ending {
  /** Of the simulated board, without its place. */
  readonly fault: string;
  readonly code: ErrorCode;
  /** Whether the device still answers. */
  readonly stays: boolean;
}

const ENDINGS: Readonly<Record<string, Ending>> = {
  'is stalled': { fault: 'stall', code: 'usb/stall', stays: true },
  'ends in dfuERROR': { fault: 'dfu-error 3', code: 'dfu/status', stays: true },
  'is never answered': { fault: 'nak 60000', code: 'usb/timeout', stays: false },
  'meets a pulled cable': { fault: 'unplug', code: 'usb/gone', stays: false },
  'is taken, and then the cable is pulled': { fault: 'unplug-behind', code: 'usb/gone', stays: false },
};

/** A bus with a board on it that has come to U-Boot, with one fault (test/dfu/uboot-board.ts). */
export interface BoardUnderTest {
  readonly bus: UsbBus;
  close(): Promise<void>;
}

interface HowMuch {
  /** Only a stall at every place, the other endings at the first and the last one: for a slow processor. */
  readonly sparse?: boolean;
  readonly concurrent?: boolean;
}

/** What send-windowed.ts promises about failures at each place of a window, on the simulated U-Boot behind some bus. */
export function windowContract(
  name: string,
  clock: Clock,
  plug: (fault: string) => Promise<BoardUnderTest>,
  { sparse = false, concurrent = false }: HowMuch = {},
): void {
  const rows = Object.entries(ENDINGS).flatMap(([ending, { fault }]) => {
    const places = sparse && fault !== 'stall' ? [0, WINDOW - 1] : PLACES;
    return places.map((place) => [place, ending] as const);
  });

  describe(`a window of ${WINDOW} blocks, ${name}`, { concurrent }, () => {
    test.each(rows)('whose block %i %s: that one is reported, and nothing behind it counts', async (place, ending) => {
      const { fault, code, stays } = ENDINGS[ending] as Ending;
      const block = BEFORE + place;
      const { bus, close } = await plug(`${fault} at phase 0x10 block ${block}`);
      try {
        const device = await bus.open((await bus.list())[0]!);
        const dfu = await openDfu(device, { clock, timeoutMs: AMPLE_MS });
        if (!dfu) throw new Error('the board is not in DFU mode');
        const progress: number[] = [];
        const sending = download(dfu, 0, inPieces(imageOf(40 * BLOCK)), {
          ...{ window: WINDOW, blockMs: BLOCK_MS, manifestMs: AMPLE_MS },
          onProgress: (bytes) => progress.push(bytes),
        });
        const error = await sending.catch((failure: unknown) => failure);
        expect(error).toBeInstanceOf(PhaselineError);
        expect(error).toMatchObject({ code, details: { block, bytesAcknowledged: block * BLOCK } });
        expect(progress).toEqual(Array.from({ length: block }, (_, done) => (done + 1) * BLOCK));
        // Nothing is under way any more: the next request is answered at once.
        if (stays) await recoverToIdle(dfu, AMPLE_MS);
        await device.close();
      } finally {
        await bus.close();
        await close();
      }
    });
  });
}
