import type { Clock } from './clock.ts';

/** A moment on a clock before which something has to happen. */
export interface Deadline {
  /** Milliseconds left, never below 0. */
  remaining(): number;
  passed(): boolean;
}

export function deadlineIn(clock: Clock, ms: number): Deadline {
  const at = clock.now() + ms;
  return {
    remaining: () => Math.max(0, at - clock.now()),
    passed: () => clock.now() >= at,
  };
}

/** What `within` resolves to when time was up first. */
export const LATE = Symbol('late');

/**
 * The value of `work`, or LATE when `ms` pass first. `work` itself is not stopped: the caller
 * decides what becomes of it, and its later rejection is not unhandled.
 */
export async function within<T>(clock: Clock, ms: number, work: Promise<T>): Promise<T | typeof LATE> {
  const timer = new AbortController();
  work.catch(() => undefined);
  const late = clock.sleep(ms, timer.signal).then(
    (): typeof LATE => LATE,
    (): typeof LATE => LATE,
  );
  try {
    return await Promise.race([work, late]);
  } finally {
    timer.abort();
  }
}
