import type { Clock } from '../base/clock.ts';
import type { Emit } from './events.ts';

/** At most four events a second (house contract). */
const PERIOD_MS = 250;
/** The rate is that of the last seconds, so that it follows a card that slows down. */
const WINDOW_MS = 4_000;

/** Turns counts of acknowledged bytes into `progress` events: rate-limited, with the rate of the last seconds. */
export function progressMeter(clock: Clock, emit: Emit, id: string, bytesTotal: number): (bytesDone: number) => void {
  const samples: { readonly at: number; readonly bytes: number }[] = [{ at: clock.now(), bytes: 0 }];
  let emittedAt = -PERIOD_MS;
  return (bytesDone) => {
    const now = clock.now();
    if (now - emittedAt < PERIOD_MS && bytesDone !== bytesTotal) return;
    emittedAt = now;
    samples.push({ at: now, bytes: bytesDone });
    while (samples.length > 2 && now - (samples[1]?.at ?? now) > WINDOW_MS) samples.shift();
    const oldest = samples[0] ?? { at: now, bytes: bytesDone };
    const seconds = (now - oldest.at) / 1000;
    const bytesPerSecond = seconds > 0 ? Math.round((bytesDone - oldest.bytes) / seconds) : 0;
    emit({ event: 'progress', id, bytesDone, bytesTotal, bytesPerSecond });
  };
}
