import { EXIT } from '../../base/error-codes.ts';
import { jsonText, printable } from '../../base/printable.ts';
import type { Status } from '../../doctor/check.ts';
import { type Examined, examine } from '../../doctor/examine.ts';
import { localSystem } from '../../doctor/local-system.ts';
import { defineCommand } from '../command.ts';

/** Of a job; for a bundle only. */
const FILE = { type: 'string', requiresArg: true, implies: 'bundle' } as const;

export const doctorCommand = defineCommand({
  usage: 'doctor [layout]',
  summary: 'Find what keeps boards from being flashed',
  example: ['$0 doctor', 'one line per check: ok, or what is wrong and what to do'],
  build: (yargs) =>
    yargs
      .positional('layout', { type: 'string', implies: 'bundle', describe: 'With --bundle: the layout of the job' })
      .option('bundle', { type: 'string', requiresArg: true, describe: 'Pack a support bundle: OUT.tgz' })
      .option('report', { ...FILE, describe: 'What flash --report wrote; likewise --trace, --log-file' })
      .option('trace', { ...FILE, hidden: true })
      .option('images', { type: 'string', array: true, nargs: 1, implies: 'bundle', describe: 'As for flash' })
      .option('with-paths', { type: 'boolean', implies: 'bundle', describe: 'Leave home folders as they are called' }),
  run: async (args, context) => {
    const { json, quiet, bundle } = args;
    const { io, colour } = context;
    if (bundle !== undefined) return (await import('../bundle/bundle-job.ts')).bundleJob({ ...args, bundle }, context);
    const checks = await examine(io.system ?? localSystem());
    const faults = countOf(checks, 'failed');
    if (json) io.stdout.write(`${jsonText({ checks, summary: summaryOf(checks) })}\n`);
    else {
      const shown = checks.filter(({ status }) => !quiet || status === 'failed');
      for (const line of shown.map((check) => lineOf(check, colour))) io.stdout.write(`${line}\n`);
      io.stdout.write(faults === 0 ? 'no fault found\n' : `${faults} fault${faults === 1 ? '' : 's'} found\n`);
    }
    return faults === 0 ? EXIT.ok : EXIT.board;
  },
});

const MARKS: Readonly<Record<Status, readonly [text: string, colour: string]>> = {
  ok: ['ok', '32'],
  note: ['note', '33'],
  failed: ['FAILED', '31'],
  skipped: ['-', '2'],
};

function lineOf({ id, status, message, help }: Examined, colour: boolean): string {
  const [text, code] = MARKS[status];
  const mark = colour ? `\u001b[${code}m${text.padEnd(6)}\u001b[0m` : text.padEnd(6);
  return `${mark}  ${id.padEnd(15)}  ${printable(message)}${help === undefined ? '' : `. ${printable(help)}`}`;
}

function summaryOf(checks: readonly Examined[]) {
  return {
    ok: countOf(checks, 'ok'),
    notes: countOf(checks, 'note'),
    failed: countOf(checks, 'failed'),
    skipped: countOf(checks, 'skipped'),
  };
}

function countOf(checks: readonly Examined[], wanted: Status): number {
  return checks.filter(({ status }) => status === wanted).length;
}
