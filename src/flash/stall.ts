import { formatSize } from '../base/sizes.ts';
import type { FramedEvent } from './events.ts';
import type { FlashRequest } from './flash-board.ts';
import { frameOf } from './frame.ts';

/** A way to show events that tells when none came for long. */
export interface StallAlarm {
  readonly show: (event: FramedEvent) => void;
  stop(): void;
}

/**
 * Says "no progress for N s", and again when twice and four times that have passed, long before a deadline
 * ends the job: a person can look at the board while there is something to see. Only once a board was found.
 */
export function stallAlarm({ clock, deadlines, log, show }: FlashRequest): StallAlarm {
  const stopped = new AbortController();
  let since = clock.now();
  let quietMs = deadlines.stallMs;
  let last: FramedEvent | undefined;

  async function watch(): Promise<void> {
    while (!stopped.signal.aborted) {
      const leftMs = since + quietMs - clock.now();
      if (leftMs > 0) {
        await clock.watch(leftMs, stopped.signal).catch(() => undefined);
        continue;
      }
      const message = `no progress for ${quietMs / 1000} s${last ? ` (${doing(last)})` : ''}`;
      show({ ...frameOf(clock, last), event: 'warning', about: 'stall', message });
      quietMs *= 2;
    }
  }

  return {
    show: (event) => {
      if (!last && event.event === 'board')
        watch().catch((error) => log.error({ err: error }, 'nobody watches for progress any more'));
      if (last || event.event === 'board') last = event;
      since = clock.now();
      quietMs = deadlines.stallMs;
      show(event);
    },
    stop: () => stopped.abort(),
  };
}

function doing(event: FramedEvent): string {
  switch (event.event) {
    case 'phase':
      return `phase ${event.id} ${event.name}, nothing acknowledged`;
    case 'progress':
      return `phase ${event.id}, at ${formatSize(event.bytesDone)} of ${formatSize(event.bytesTotal)}`;
    case 'phase-done':
      return `behind phase ${event.id}`;
    case 'detach':
      return `behind the DETACH of ${event.stage}`;
    case 'warning':
      return event.message;
    default:
      return event.event;
  }
}
