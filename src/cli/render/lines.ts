import { formatSize } from '../../base/sizes.ts';
import type { Io } from '../io.ts';
import type { EventReader } from './reader.ts';
import { megabytesPerSecond, sentence, streamFor, workTitle } from './sentences.ts';
import { endOf, type Work, workOf } from './work.ts';

/** For a log or a pipe: one line for each thing that happened, and one for each phase when it is done. */
export function plainLines({ stdout: out, stderr }: Pick<Io, 'stdout' | 'stderr'>, quiet: boolean): EventReader {
  let work: Work | undefined;
  return {
    show: (event) => {
      if (quiet && event.event !== 'result' && event.event !== 'warning') return;
      work = workOf(event) ?? work;
      const end = endOf(event);
      if (end && work) {
        const { bytes, seconds, how } = end;
        const rate = megabytesPerSecond(bytes, seconds);
        out.write(`${workTitle(work)} ${formatSize(bytes)}${how} in ${seconds.toFixed(1)} s ${rate}\n`);
      }
      const text = sentence(event);
      if (text !== undefined) streamFor(event, out, stderr).write(`${text}\n`);
    },
    close: () => undefined,
  };
}
