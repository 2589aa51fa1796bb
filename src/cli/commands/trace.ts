import { resolve } from 'node:path';
import { EXIT } from '../../base/error-codes.ts';
import { jsonText, printable } from '../../base/printable.ts';
import { parseTrace, type Trace } from '../../usb/trace/parse.ts';
import { defineCommand } from '../command.ts';
import { readTrace } from '../read-trace.ts';
import { type Happening, storyOf } from '../trace/story.ts';

/** What took less is not worth a word. */
const NOTABLE_MS = 100;

export const traceCommand = defineCommand({
  usage: 'trace <action> <file>',
  summary: 'Read a USB trace that flash --trace wrote',
  example: ['$0 trace show job.trace', 'requests by their names, blocks summed up, failures marked !!'],
  build: (yargs) =>
    yargs
      .positional('action', { choices: ['show'] as const, demandOption: true, describe: 'show' })
      .positional('file', { type: 'string', demandOption: true, describe: 'What flash --trace wrote' }),
  run: async ({ file, json }, { io }) => {
    const trace = await readTrace(resolve(io.cwd, file), parseTrace);
    const story = storyOf(trace);
    if (json) io.stdout.write(`${jsonText({ ...trace.head, cut: trace.cut, story })}\n`);
    else for (const line of textLines(trace, story)) io.stdout.write(`${line}\n`);
    return EXIT.ok;
  },
});

function* textLines({ head, cut }: Trace, story: readonly Happening[]): Generator<string> {
  yield printable(`trace of ${head.bus}, ${head.date}`);
  for (const { atMs, tookMs, device, text, failed, times } of story) {
    const time = (atMs / 1000).toFixed(3).padStart(9);
    const took = tookMs >= NOTABLE_MS ? `, ${(tookMs / 1000).toFixed(1)} s` : '';
    const again = times > 1 ? `, ${times} times` : '';
    yield `${time} ${failed ? '!!' : '  '} ${device === undefined ? '' : `#${device} `}${printable(text)}${again}${took}`;
  }
  const failures = story.filter(({ failed }) => failed).length;
  if (cut) yield 'the trace ends within a line: whoever wrote it was killed';
  yield failures === 0 ? 'nothing failed' : `${failures} failed, marked !!`;
}
