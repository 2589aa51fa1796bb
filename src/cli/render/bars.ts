import { SingleBar } from 'cli-progress';
import { formatSize } from '../../base/sizes.ts';
import type { PhaseEvent, ProgressEvent } from '../../flash/events.ts';
import type { Io } from '../io.ts';
import type { EventReader } from './reader.ts';
import { megabytesPerSecond, phaseTitle, sentence, streamFor } from './sentences.ts';

/** Bar, percentage, sizes, rate and time left; a line that wraps would garble the screen. */
const BESIDE_TITLE = 76;

/** For a terminal: what happens, line by line, and a bar for the phase that is under way. */
export function progressBars({ stdout, stderr }: Pick<Io, 'stdout' | 'stderr'>): EventReader {
  let bar: SingleBar | undefined;
  let phase: PhaseEvent | undefined;

  const start = (event: PhaseEvent) => {
    phase = event;
    bar = new SingleBar({
      stream: stdout.stream as NodeJS.WritableStream,
      format: '{title} {bar} {percentage}% {done} {rate} {left}',
      barsize: 24,
      barCompleteChar: '#',
      barIncompleteChar: '-',
      hideCursor: true,
      linewrap: false,
      gracefulExit: false,
      emptyOnZero: true,
    });
    const title = fitted(phaseTitle(event), stdout.columns - BESIDE_TITLE);
    bar.start(event.bytes, 0, { title, done: '', rate: '', left: '' });
  };
  const draw = (bytesDone: number, rate: string, left: string) => {
    const done = `${formatSize(bytesDone)}/${formatSize(phase?.bytes ?? 0)}`;
    bar?.update(bytesDone, { done, rate, left });
  };
  const stop = () => {
    bar?.stop();
    bar = undefined;
  };

  return {
    show: (event) => {
      switch (event.event) {
        case 'phase':
          start(event);
          break;
        case 'progress':
          draw(event.bytesDone, megabytesPerSecond(event.bytesPerSecond, 1), leftText(event));
          break;
        case 'phase-done':
          draw(event.bytes, megabytesPerSecond(event.bytes, event.seconds), `${event.seconds.toFixed(1)} s`);
          stop();
          break;
        default: {
          const text = sentence(event);
          if (text === undefined) break;
          stop();
          streamFor(event, stdout, stderr).write(`${text}\n`);
        }
      }
    },
    close: stop,
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
