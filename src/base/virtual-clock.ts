import type { Clock } from './clock.ts';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
  /** Time does not pass for its sake. */
  readonly looksOn: boolean;
}

/** Turns of the event loop without any new sleeper before time is taken to stand still. */
const QUIET_TURNS = 2;

/**
 * A clock whose time passes only when nothing else is left to do: it jumps to the next sleeper as
 * soon as the event loop has been quiet for two turns. Tests of long timeouts take no time with it.
 *
 * Work that the event loop cannot see (file reads in the thread pool, sockets) must be wrapped in
 * `during`, or time would run away under it.
 */
export class VirtualClock implements Clock {
  #now = 0;
  #sleepers: Sleeper[] = [];
  #held = 0;
  #quietTurns = 0;
  #ticking = false;
  readonly #epoch: number;

  constructor(epoch = Date.UTC(2026, 0, 1)) {
    this.#epoch = epoch;
  }

  now(): number {
    return this.#now;
  }

  date(): Date {
    return new Date(this.#epoch + this.#now);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.#wait(ms, false, signal);
  }

  watch(ms: number, signal: AbortSignal): Promise<void> {
    return this.#wait(ms, true, signal);
  }

  #wait(ms: number, looksOn: boolean, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const onAbort = () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        this.#quietTurns = 0;
        reject(signal?.reason);
      };
      const sleeper: Sleeper = {
        at: this.#now + Math.max(0, ms),
        looksOn,
        wake: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#insert(sleeper);
      this.#quietTurns = 0;
      this.#tick();
    });
  }

  /** Holds time still until `work` settles. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#held += 1;
    try {
      return await work;
    } finally {
      this.#held -= 1;
      this.#quietTurns = 0;
      this.#tick();
    }
  }

  #insert(sleeper: Sleeper): void {
    let index = this.#sleepers.length;
    while (index > 0 && (this.#sleepers[index - 1] as Sleeper).at > sleeper.at) index -= 1;
    this.#sleepers.splice(index, 0, sleeper);
  }

  #tick(): void {
    if (this.#ticking) return;
    this.#ticking = true;
    setImmediate(() => {
      this.#ticking = false;
      if (this.#held > 0 || this.#sleepers.every(({ looksOn }) => looksOn)) return;
      this.#quietTurns += 1;
      if (this.#quietTurns > QUIET_TURNS) {
        const next = this.#sleepers.shift() as Sleeper;
        this.#now = next.at;
        this.#quietTurns = 0;
        next.wake();
      }
      this.#tick();
    });
  }
}
