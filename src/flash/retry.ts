import { deadlineIn } from '../base/deadline.ts';
import type { ErrorCode } from '../base/error-codes.ts';
import { isPhaselineError, type PhaselineError } from '../base/errors.ts';
import { mayBeBoard } from '../stm32/board.ts';
import type { BoardSelector } from './boards.ts';
import { type Connection, connect, takesLayout } from './connection.ts';
import type { FramedEvent } from './events.ts';
import type { FlashRequest } from './flash-board.ts';
import { frameOf } from './frame.ts';

/**
 * What may go better another time: the link, a board that fell over, a medium that had a bad moment. Not what
 * layout or files are the cause of, not another board, and never a difference that was read back: a unit that
 * has one is to be looked at.
 */
const MAY_PASS: readonly ErrorCode[] = [
  'usb/gone',
  'usb/timeout',
  'usb/io',
  'usb/stall',
  'dfu/status',
  'dfu/protocol',
  'board/error',
  'board/unexpected-phase',
  'board/lost',
  'board/dead',
  'board/restarted',
  'board/not-resumed',
];

export function mayRetry(failure: PhaselineError | undefined): boolean {
  return isPhaselineError(failure, ...MAY_PASS);
}

const LOOK_PAUSE_MS = 200;

/**
 * Waits until that board can be started over: it is in its ROM, by itself or by its operator's hand, or in a
 * session of U-Boot that can be made to reset it. Names it for the next attempt; undefined when it does not
 * come in time or the job is stopped. TF-A cannot be started over: what it was sent stays in it.
 */
export async function readyToRetry(
  { bus, clock, log, deadlines, signal }: FlashRequest,
  { serial, port }: Connection['board'],
  show: (event: FramedEvent) => void,
): Promise<BoardSelector | undefined> {
  const ms = deadlines.comeBackMs.retry;
  const message = `waiting up to ${ms / 1000} s for the board in its ROM: reset it if it does not come by itself`;
  show({ ...frameOf(clock, { serial, port }), event: 'warning', about: 'retry', message });
  const deadline = deadlineIn(clock, ms);
  while (!deadline.passed() && !signal.aborted) {
    try {
      for (const info of (await bus.list()).filter(mayBeBoard)) {
        if (serial === undefined && info.port !== port) continue;
        const connection = await connect(bus, info, clock);
        await connection?.device.close();
        if (!connection || connection.board.serial !== serial || !startsOver(connection)) continue;
        return serial === undefined ? { by: 'port', port } : { by: 'serial', serial };
      }
    } catch (error) {
      // A board that is coming up may be busy, silent or gone again; the deadline bounds that.
      if (!isPhaselineError(error)) throw error;
      log.debug({ code: error.code }, error.message);
    }
    await bus.waitForChange(Math.min(LOOK_PAUSE_MS, Math.max(1, deadline.remaining())));
  }
  return undefined;
}

function startsOver({ board }: Connection): boolean {
  return board.stage === 'rom' || (board.stage === 'uboot' && !takesLayout(board));
}
