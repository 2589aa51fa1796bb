import { formatSize } from '../../base/sizes.ts';
import type { PhaseEvent } from '../../flash/events.ts';
import type { Io } from '../io.ts';
import type { EventReader } from './reader.ts';
import { megabytesPerSecond, phaseTitle, sentence, streamFor } from './sentences.ts';

/** For a log or a pipe: one line for each thing that happened, and one for each phase when it is done. */
export function plainLines({ stdout: out, stderr }: Pick<Io, 'stdout' | 'stderr'>, quiet: boolean): EventReader {
  let phase: PhaseEvent | undefined;
  return {
    show: (event) => {
      if (quiet && event.event !== 'result' && event.event !== 'warning') return;
      if (event.event === 'phase') phase = event;
      if (event.event === 'phase-done' && phase) {
        const rate = megabytesPerSecond(event.bytes, event.seconds);
        out.write(`${phaseTitle(phase)} ${formatSize(event.bytes)} in ${event.seconds.toFixed(1)} s ${rate}\n`);
      }
      const text = sentence(event);
      if (text !== undefined) streamFor(event, out, stderr).write(`${text}\n`);
    },
    close: () => undefined,
  };
}
