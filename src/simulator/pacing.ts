import type { Clock } from '../base/clock.ts';
import { DFU_REQUEST } from '../dfu/constants.ts';
import type { BoardSettings } from './hardware.ts';
import type { Interceptor } from './usb-connector.ts';

/** A timer that is late by less than this is not waited for. */
const TIMER_GRAIN_MS = 1;

/**
 * Makes each block of a download in U-Boot take `settings.blockMs` at the least. The board's own clock of
 * work done runs from the arrival of a block or the end of the one before, whichever is later, so that
 * coarse or late timers do not slow it down.
 */
export function paced(
  settings: BoardSettings,
  clock: Clock,
  stage: () => string,
  next: Interceptor | undefined,
): Interceptor | undefined {
  if (settings.blockMs === 0) return next;
  let busyUntil = 0;
  return (request, proceed) => {
    const answer = () => (next ? next(request, proceed) : proceed());
    const { setup, arrivedAt } = request;
    const isBlock = setup.request === DFU_REQUEST.DNLOAD && (setup.requestType & 0x60) === 0x20 && setup.length > 0;
    if (!isBlock || stage() !== 'uboot') return answer();
    busyUntil = Math.max(arrivedAt, busyUntil) + settings.blockMs;
    const wait = busyUntil - clock.now();
    return wait < TIMER_GRAIN_MS ? answer() : clock.sleep(wait - TIMER_GRAIN_MS / 2).then(answer);
  };
}
