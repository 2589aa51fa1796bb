import type { FramedEvent } from '../../flash/events.ts';

/** One way to show the events of a job. `close` is called once, after the last event. */
export interface EventReader {
  show(event: FramedEvent): void;
  close(): void;
}
