import { MultiBar, type SingleBar } from 'cli-progress';
import { formatSize } from '../../base/sizes.ts';
import type { PhaseEvent, ProgressEvent } from '../../flash/events.ts';
import type { Io } from '../io.ts';
import type { EventReader } from './reader.ts';
import { megabytesPerSecond, phaseTitle, sentence, streamFor } from './sentences.ts';

/** For a terminal: a bar for each phase, the sentences above it. */
export function progressBars({ stdout: out, stderr }: Pick<Io, 'stdout' | 'stderr'>): EventReader {
  const bars = new MultiBar({
    stream: out.stream as NodeJS.WritableStream,
    format: '{title} {bar} {percentage}% {done} {rate} {eta}',
    barsize: 24,
    barCompleteChar: '#',
    barIncompleteChar: '-',
    hideCursor: true,
    linewrap: false,
    gracefulExit: false,
    emptyOnZero: true,
  });
  let bar: SingleBar | undefined;
  let phase: PhaseEvent | undefined;

  const draw = (bytesDone: number, rate: string, eta: string) => {
    if (!bar || !phase) return;
    bar.update(bytesDone, { done: `${formatSize(bytesDone)}/${formatSize(phase.bytes)}`, rate, eta });
  };

  return {
    show: (event) => {
      if (event.event === 'phase') {
        phase = event;
        bar = bars.create(event.bytes, 0, { title: phaseTitle(event), done: '', rate: '', eta: '' });
      } else if (event.event === 'progress') {
        draw(event.bytesDone, megabytesPerSecond(event.bytesPerSecond, 1), etaText(event));
      } else if (event.event === 'phase-done') {
        draw(event.bytes, megabytesPerSecond(event.bytes, event.seconds), `${event.seconds.toFixed(1)} s`);
        bar?.stop();
        bar = undefined;
      } else if (event.event === 'result') {
        bars.stop();
        streamFor(event, out, stderr).write(`${sentence(event)}\n`);
      } else {
        const text = sentence(event);
        if (text !== undefined) bars.log(`${text}\n`);
      }
    },
    close: () => bars.stop(),
  };
}

function etaText({ bytesDone, bytesTotal, bytesPerSecond }: ProgressEvent): string {
  if (bytesPerSecond <= 0) return '';
  const seconds = Math.ceil((bytesTotal - bytesDone) / bytesPerSecond);
  return seconds < 90 ? `${seconds} s left` : `${Math.ceil(seconds / 60)} min left`;
}
