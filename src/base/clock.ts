/** The only source of time. Milliseconds count from an arbitrary start and never run backwards. */
export interface Clock {
  /** Milliseconds since an arbitrary start. */
  now(): number;
  /** The date to write into events and records. */
  date(): Date;
  /** Resolves after `ms`; rejects with the signal's reason when that aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** The same for somebody who only looks on: a virtual clock does not run for him alone. */
  watch(ms: number, signal: AbortSignal): Promise<void>;
}

export const realClock: Clock = {
  watch: (ms, signal) => realClock.sleep(ms, signal),
  now: () => performance.now(),
  date: () => new Date(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, ms);
      signal?.addEventListener('abort', onAbort, { once: true });
    }),
};
