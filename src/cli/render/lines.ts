import { formatSize } from '../../base/sizes.ts';
import type { Io } from '../io.ts';
import type { EventReader } from './reader.ts';
import { megabytesPerSecond, sentence, streamFor, workTitle } from './sentences.ts';
import { type Work, workOf } from './work.ts';

/** For a log or a pipe: one line for each thing that happened, and one for each phase when it is done. */
export function plainLines({ stdout: out, stderr }: Pick<Io, 'stdout' | 'stderr'>, quiet: boolean): EventReader {
  let work: Work | undefined;
  const ended = (what: string, bytes: number, seconds: number) => {
    const rate = megabytesPerSecond(bytes, seconds);
    if (work) out.write(`${workTitle(work)} ${formatSize(bytes)}${what} in ${seconds.toFixed(1)} s ${rate}\n`);
  };
  return {
    show: (event) => {
      if (quiet && event.event !== 'result' && event.event !== 'warning') return;
      work = workOf(event) ?? work;
      if (event.event === 'phase-done') ended('', event.bytes, event.seconds);
      if (event.event === 'verify' && event.step === 'equal') ended(' equal', event.bytes, event.seconds);
      const text = sentence(event);
      if (text !== undefined) streamFor(event, out, stderr).write(`${text}\n`);
    },
    close: () => undefined,
  };
}
