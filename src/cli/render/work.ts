import type { FramedEvent, PhaseEvent } from '../../flash/events.ts';

type Told = 'id' | 'name' | 'file' | 'bytes' | 'index' | 'count' | 'jobBytes' | 'jobBytesBefore';

/** A stretch of a job that has a bar: a file that is sent, or one that is read back. */
export interface Work extends Pick<PhaseEvent, Told> {
  readonly verb: 'send' | 'verify';
}

/** What begins with this event; undefined when nothing does. */
export function workOf(event: FramedEvent): Work | undefined {
  if (event.event === 'phase') return { ...event, verb: 'send' };
  return event.event === 'verify' && event.step === 'reading' ? { ...event, verb: 'verify' } : undefined;
}
