import { basename } from 'node:path';
import { printable } from '../../base/printable.ts';
import { formatSize } from '../../base/sizes.ts';
import type {
  FramedEvent,
  PhaseResult,
  ResultEvent,
  ResumeEvent,
  SavedPartition,
  StageName,
} from '../../flash/events.ts';
import type { Out } from '../io.ts';
import type { Work } from './work.ts';

const STAGE_TITLES: Readonly<Record<StageName, string>> = { rom: 'ROM', tfa: 'TF-A', uboot: 'U-Boot' };

export function megabytesPerSecond(bytes: number, seconds: number): string {
  return seconds > 0 ? `${(bytes / 1e6 / seconds).toFixed(1)} MB/s` : '';
}

/** `[2/5] 0x10 rootfs (rootfs.ext4)`, `verify [1/3] 0x10 …` */
export function workTitle({ verb, index, count, id, name, file }: Work, withFile = true): string {
  const where = withFile ? ` (${printable(basename(file))})` : '';
  const title = `[${index}/${count}] ${id} ${printable(name)}${where}`;
  return verb === 'send' ? title : `${verb} ${title}`;
}

/** `45 s`, `12 min`. */
export function durationText(seconds: number): string {
  const whole = Math.ceil(seconds);
  return whole < 90 ? `${whole} s` : `${Math.ceil(whole / 60)} min`;
}

/** What reading back is going to cost. */
export function readingText({ bytes, seconds }: { readonly bytes: number; readonly seconds: number }): string {
  return `${formatSize(bytes)} will be read back and compared, which takes about ${durationText(seconds)}`;
}

/** The sentence for an event that both the plain lines and the bars print as text; undefined for the others. */
export function sentence(event: FramedEvent): string | undefined {
  switch (event.event) {
    case 'board':
      return `board ${event.family.toUpperCase()} ${event.deviceId}, serial ${printable(event.serial ?? '?')}, port ${printable(event.port ?? '?')}`;
    case 'stage':
      return `${STAGE_TITLES[event.stage]}: ${printable(event.product)}`;
    case 'resume':
      return `goes on with a job of ${event.startedAt}: ${finishedText(event.phases)}`;
    case 'attempt':
      return `attempt ${event.number} of ${event.of} failed: ${printable(event.message)} [${event.code}]`;
    case 'warning':
      return `warning: ${printable(event.message)}`;
    case 'verify':
      return event.step === 'planned' ? readingText(event) : undefined;
    case 'result':
      return verdict(event);
    default:
      return undefined;
  }
}

function finishedText(phases: ResumeEvent['phases']): string {
  if (phases.length === 0) return 'nothing of it can be trusted, and everything is sent';
  return `complete already ${phases.length === 1 ? 'is' : 'are'} ${phases.map(({ id, name }) => `${id} ${printable(name)}`).join(', ')}`;
}

/** What went wrong goes to stderr, everything else to stdout. */
export function streamFor(event: FramedEvent, stdout: Out, stderr: Out): Out {
  return event.event === 'warning' || (event.event === 'result' && !event.ok) ? stderr : stdout;
}

const NO_REBOOT = 'The board does not reboot by itself: set its boot switches, then reset it.';

/** The last lines of a job: what was written, and pass or fail. */
function verdict(result: ResultEvent): string {
  if (result.saved) return readVerdict(result, result.saved);
  const { phases, bytes, seconds } = result;
  if (result.ok) {
    // A board that was further on at the start has not asked for its boot files.
    const sent = phases.filter(({ complete, earlier }) => complete && !earlier).length;
    const before = phases.filter(({ earlier }) => earlier).length;
    const proof = result.verified === 'readback' ? 'read back and equal' : 'every byte acknowledged';
    const rate = megabytesPerSecond(bytes, seconds);
    return [
      ...earlierText(result),
      `PASS: ${sent} ${sent === 1 ? 'file' : 'files'}, ${formatSize(bytes)}, ${proof}, in ${seconds.toFixed(1)} s (${rate})${before > 0 ? `, behind ${before} of an earlier job` : ''}`,
      NO_REBOOT,
    ].join('\n');
  }
  const written = phases.map((phase) => `  ${phase.id} ${printable(phase.name)}: ${howFar(phase)}`);
  return [...written, ...leftText(result), ...earlierText(result), failText(result)].join('\n');
}

function howFar({ complete, earlier, bytes, bytesDone }: PhaseResult): string {
  if (complete) return earlier ? 'complete, by an earlier job' : 'complete';
  if (bytesDone === 0) return 'not written';
  if (bytesDone === bytes) return 'sent, and not confirmed by the board';
  return `incomplete, ${formatSize(bytesDone)} of ${formatSize(bytes)}`;
}

/** What the attempts before the last one had failed with, the first one first. */
function earlierText({ attempts }: ResultEvent): readonly string[] {
  return attempts
    .slice(0, -1)
    .map(({ message, code }, at) => `attempt ${at + 1} had failed: ${printable(message)} [${code}]`);
}

const STOPPED: readonly ResultEvent['code'][] = ['interrupted/sigint', 'interrupted/sigterm', 'flash/deadline'];

/** Where the board was left: what to do with it is not the same everywhere. */
function leftText({ left, code }: ResultEvent): readonly string[] {
  switch (left) {
    case 'reset':
      return ['The board was told to reset: it starts over in its ROM.'];
    case 'rom':
    case 'tfa':
    case 'uboot':
      return [`The board was left as it is, in ${STAGE_TITLES[left]}: reset it before the next job.`];
    case 'unreachable':
      // Any other failure says itself what is not there.
      return STOPPED.includes(code)
        ? ['The board is between two stages, or silent: reset it before the next job.']
        : [];
    default:
      return [];
  }
}

function failText({ message, hint, code }: ResultEvent): string {
  return `FAIL: ${printable(message)}. ${hint}. [${code}]`;
}

/** What was saved, and pass or fail. */
function readVerdict(result: ResultEvent, saved: readonly SavedPartition[]): string {
  const bytes = saved.reduce((sum, partition) => sum + partition.bytes, 0);
  const what = `${saved.length} ${saved.length === 1 ? 'partition' : 'partitions'}, ${formatSize(bytes)}, saved in ${result.seconds.toFixed(1)} s`;
  if (result.ok) return [`PASS: ${what}`, NO_REBOOT].join('\n');
  const names = saved.map(({ id, name, file }) => `  ${id} ${printable(name)}: saved as ${printable(file)}`);
  return [...names, failText(result)].join('\n');
}
