import type { Clock } from '../../base/clock.ts';
import type { TraceHead, TraceLine } from './lines.ts';

/** A line that is not known yet, and keeps its place. */
export interface Place {
  line: TraceLine | undefined;
}

/** Writes lines in the order in which they were begun, each as soon as those before it are complete. */
export class Journal {
  readonly #clock: Clock;
  readonly #write: (line: string) => void;
  readonly #startedAt: number;
  readonly #places: Place[] = [];
  #onIdle: (() => void) | undefined;

  constructor(clock: Clock, write: (line: string) => void, bus: string) {
    this.#clock = clock;
    this.#write = write;
    this.#startedAt = clock.now();
    const head: TraceHead = { trace: 1, bus, date: clock.date().toISOString() };
    write(JSON.stringify(head));
  }

  /** Ms since the start, in microseconds. */
  now(): number {
    return Math.round((this.#clock.now() - this.#startedAt) * 1000) / 1000;
  }

  /** Keeps a place for a line that `complete` fills. */
  begin(): Place {
    const place: Place = { line: undefined };
    this.#places.push(place);
    return place;
  }

  complete(place: Place, line: TraceLine): void {
    place.line = line;
    for (let head = this.#places[0]; head?.line; head = this.#places[0]) {
      this.#places.shift();
      this.#write(JSON.stringify(head.line));
    }
    if (this.#places.length === 0) this.#onIdle?.();
  }

  /** A line that is complete at once. */
  note(line: TraceLine): void {
    this.complete(this.begin(), line);
  }

  /** Resolves when no line is open any more. */
  async idle(): Promise<void> {
    if (this.#places.length === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
  }
}
