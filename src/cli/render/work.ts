import type { FramedEvent, PhaseEvent } from '../../flash/events.ts';

type Told = 'id' | 'name' | 'file' | 'bytes' | 'index' | 'count' | 'jobBytes' | 'jobBytesBefore';

/** A stretch of a job that has a bar: a file that is sent or read back, a partition that is saved. */
export interface Work extends Pick<PhaseEvent, Told> {
  readonly verb: 'send' | 'verify' | 'read';
}

/** What begins with this event; undefined when nothing does. */
export function workOf(event: FramedEvent): Work | undefined {
  if (event.event === 'phase') return { ...event, verb: 'send' };
  if (event.event !== 'verify' && event.event !== 'read') return undefined;
  return event.step === 'reading' ? { ...event, verb: event.event } : undefined;
}

/** What ended with this event, in bytes and seconds, and how; undefined when nothing did. */
export function endOf(event: FramedEvent): { bytes: number; seconds: number; how: string } | undefined {
  if (event.event === 'phase-done') return { ...event, how: '' };
  if (event.event === 'verify' && event.step === 'equal') return { ...event, how: ' equal' };
  return event.event === 'read' && event.step === 'saved' ? { ...event, how: ' saved' } : undefined;
}
