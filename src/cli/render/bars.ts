import { MultiBar, type SingleBar } from 'cli-progress';
import { formatSize } from '../../base/sizes.ts';
import type { PhaseEvent, ProgressEvent } from '../../flash/events.ts';
import type { Io } from '../io.ts';
import type { EventReader } from './reader.ts';
import { megabytesPerSecond, phaseTitle, sentence, streamFor } from './sentences.ts';

/** Bar, percentage, sizes, rate and time left; a line that wraps would garble the screen. */
const BESIDE_TITLE = 76;

/** For a terminal: a bar for each phase, the sentences above it. */
export function progressBars({ stdout: out, stderr }: Pick<Io, 'stdout' | 'stderr'>): EventReader {
  const bars = new MultiBar({
    stream: out.stream as NodeJS.WritableStream,
    format: '{title} {bar} {percentage}% {done} {rate} {left}',
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

  const draw = (bytesDone: number, rate: string, left: string) => {
    if (!bar || !phase) return;
    bar.update(bytesDone, { done: `${formatSize(bytesDone)}/${formatSize(phase.bytes)}`, rate, left });
  };

  return {
    show: (event) => {
      if (event.event === 'phase') {
        phase = event;
        bar = bars.create(event.bytes, 0, {
          title: fitted(phaseTitle(event), out.columns - BESIDE_TITLE),
          done: '',
          rate: '',
          left: '',
        });
      } else if (event.event === 'progress') {
        draw(event.bytesDone, megabytesPerSecond(event.bytesPerSecond, 1), leftText(event));
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

function leftText({ bytesDone, bytesTotal, bytesPerSecond }: ProgressEvent): string {
  if (bytesPerSecond <= 0) return '';
  const seconds = Math.ceil((bytesTotal - bytesDone) / bytesPerSecond);
  return seconds < 90 ? `${seconds} s left` : `${Math.ceil(seconds / 60)} min left`;
}

function fitted(title: string, width: number): string {
  const room = Math.max(16, width);
  return title.length <= room ? title : `${title.slice(0, room - 1)}…`;
}
