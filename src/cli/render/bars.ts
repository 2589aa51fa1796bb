import { SingleBar } from 'cli-progress';
import { formatSize } from '../../base/sizes.ts';
import type { FramedEvent, ProgressEvent } from '../../flash/events.ts';
import type { Io } from '../io.ts';
import type { EventReader } from './reader.ts';
import { durationText, megabytesPerSecond, sentence, streamFor, workTitle } from './sentences.ts';
import { endOf, type Work, workOf } from './work.ts';

/** Characters that the bar takes, and what stands beside it and the title; a line that wraps would garble the screen. */
const NARROW = { bar: 10, beside: 48, withFile: false } as const;
const WIDE = { bar: 24, beside: 60, withFile: true } as const;
const WIDE_COLUMNS = 110;

interface Drawing {
  readonly bar: SingleBar;
  readonly work: Work;
}

/** For a terminal: what happens, line by line, and a bar for the phase that is under way, with the share of all. */
export function progressBars({ stdout, stderr }: Pick<Io, 'stdout' | 'stderr'>): EventReader {
  let drawing: Drawing | undefined;

  const start = (work: Work) => {
    stop();
    const { bar: barsize, beside, withFile } = stdout.columns < WIDE_COLUMNS ? NARROW : WIDE;
    const bar = new SingleBar({
      stream: stdout.stream as NodeJS.WritableStream,
      format: '{title} {bar} {percentage}% {done} {rate} {left}{all}',
      barsize,
      barCompleteChar: '#',
      barIncompleteChar: '-',
      hideCursor: true,
      linewrap: false,
      gracefulExit: false,
      emptyOnZero: true,
    });
    const title = fitted(workTitle(work, withFile), stdout.columns - barsize - beside);
    bar.start(work.bytes, 0, { title, done: '', rate: '', left: '', all: '' });
    drawing = { bar, work };
  };
  const stop = () => {
    drawing?.bar.stop();
    drawing = undefined;
  };
  const onProgress = (event: ProgressEvent) => {
    if (!drawing) return;
    const { bytesDone, bytesTotal, bytesPerSecond } = event;
    const rate = megabytesPerSecond(bytesPerSecond, 1);
    const left = leftText(bytesTotal - bytesDone, bytesPerSecond);
    update(drawing, bytesDone, bytesTotal, rate, left, allText(drawing.work, event, stdout.columns >= WIDE_COLUMNS));
  };
  const onEnd = (bytes: number, seconds: number) => {
    // A partition may have turned out smaller than its name told.
    drawing?.bar.setTotal(bytes);
    if (drawing) update(drawing, bytes, bytes, megabytesPerSecond(bytes, seconds), `${seconds.toFixed(1)} s`);
    stop();
  };

  return {
    show: (event: FramedEvent) => {
      const work = workOf(event);
      const end = endOf(event);
      if (event.event === 'progress') onProgress(event);
      else if (work) start(work);
      else if (end) onEnd(end.bytes, end.seconds);
      else {
        const text = sentence(event);
        if (text === undefined) return;
        stop();
        streamFor(event, stdout, stderr).write(`${text}\n`);
      }
    },
    close: stop,
  };
}

function update({ bar }: Drawing, done: number, total: number, rate: string, left: string, all = ''): void {
  bar.update(done, { done: sizesText(done, total), rate, left, all });
}

/** `1.50/24.25 MiB`: both in the unit of the whole, and as exact. */
function sizesText(done: number, total: number): string {
  const [number = '', unit = ''] = formatSize(total).split(' ');
  const digits = done < total ? Math.max(1, number.split('.')[1]?.length ?? 0) : 0;
  const share = digits > 0 ? ((done / total) * Number(number)).toFixed(digits) : number;
  return `${share}/${number} ${unit}`;
}

function leftText(bytes: number, bytesPerSecond: number): string {
  return bytesPerSecond > 0 ? durationText(bytes / bytesPerSecond) : '';
}

/** How far the job is, where the phase is not all of it. */
function allText({ jobBytes, jobBytesBefore }: Work, event: ProgressEvent, wide: boolean): string {
  if (jobBytes <= event.bytesTotal) return '';
  const done = jobBytesBefore + event.bytesDone;
  const left = wide ? ` ${leftText(jobBytes - done, event.bytesPerSecond)}` : '';
  return ` all ${Math.floor((100 * done) / jobBytes)}%${left}`;
}

function fitted(title: string, width: number): string {
  const room = Math.max(16, width);
  return title.length <= room ? title : `${title.slice(0, room - 1)}…`;
}
