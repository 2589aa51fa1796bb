import type { Clock } from '../base/clock.ts';
import type { EventFrame } from './events.ts';

interface Named {
  readonly serial?: string | undefined;
  readonly port?: string | undefined;
}

/** What every event begins with: now, and what is known of the board. */
export function frameOf(clock: Clock, board: Named | undefined): EventFrame {
  const { serial, port } = board ?? {};
  return {
    time: clock.date().toISOString(),
    ...(serial === undefined ? {} : { serial }),
    ...(port === undefined ? {} : { port }),
  };
}
