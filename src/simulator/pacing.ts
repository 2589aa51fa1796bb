import type { Clock } from '../base/clock.ts';
import { DFU_REQUEST } from '../dfu/constants.ts';
import type { BoardSettings } from './hardware.ts';
import type { ControlRequest, Interceptor } from './usb-connector.ts';

/** A timer that is late by less than this is not waited for. */
const TIMER_GRAIN_MS = 1;
/** What a timer may be late without slowing the board down; more than that is a process that stood still. */
const MOST_LATE_MS = 50;

/**
 * Makes each block of a download in U-Boot take `settings.blockMs` at the least. The board's own account of
 * work done runs from the arrival of a block or the end of the one before, whichever is later; a block that
 * arrives later because the answer before it was late counts from when that answer was due, so that coarse
 * timers do not slow the board down. What the medium takes beyond that is added by U-Boot (spendWriting).
 */
export function paced(
  settings: BoardSettings,
  clock: Clock,
  stage: () => string,
  next: Interceptor | undefined,
): Interceptor | undefined {
  if (settings.blockMs === 0) return next;
  let busyUntil = 0;
  let lateMs = 0;
  return (request, proceed) => {
    const answer = () => (next ? next(request, proceed) : proceed());
    if (!isBlock(request) || stage() !== 'uboot') return answer();
    busyUntil = Math.max(request.arrivedAt - lateMs, busyUntil) + settings.blockMs;
    const due = busyUntil;
    const noteLateness = () => {
      lateMs = Math.min(Math.max(0, clock.now() - due), MOST_LATE_MS);
    };
    const waitMs = due - clock.now();
    if (waitMs < TIMER_GRAIN_MS) {
      noteLateness();
      return answer();
    }
    return clock.sleep(waitMs - TIMER_GRAIN_MS / 2).then(() => {
      noteLateness();
      return answer();
    });
  };
}

function isBlock({ setup }: ControlRequest): boolean {
  return setup.request === DFU_REQUEST.DNLOAD && (setup.requestType & 0x60) === 0x20 && setup.length > 0;
}
