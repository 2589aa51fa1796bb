import { EXIT, type ExitCode } from '../../base/error-codes.ts';
import type { PhaselineError } from '../../base/errors.ts';

/** What a flash job was given that a bundle can hold. */
export interface FlashedWith {
  readonly layout: string;
  readonly images?: readonly string[] | undefined;
  readonly logFile?: string | undefined;
  readonly trace?: string | undefined;
  readonly report?: string | undefined;
}

/** Failures that somebody else may have to look into; the rest says all in its one line. */
const WORTH_A_BUNDLE: readonly ExitCode[] = [EXIT.bug, EXIT.refused, EXIT.link, EXIT.verify];

/** The command that packs what this job has left; undefined for failures that need none. */
export function bundleSuggestion({ exitCode }: PhaselineError, flashed: FlashedWith): string | undefined {
  if (!WORTH_A_BUNDLE.includes(exitCode)) return undefined;
  const { layout, images = [], logFile, trace, report } = flashed;
  const files = { 'log-file': logFile, trace, report };
  const words = [
    ...['phaseline', 'doctor', '--bundle', 'support.tgz', layout],
    ...images.flatMap((folder) => ['--images', folder]),
    ...Object.entries(files).flatMap(([flag, path]) => (path === undefined ? [] : [`--${flag}`, path])),
  ];
  return `For support: ${words.map(quoted).join(' ')}`;
}

/** As a POSIX shell takes it for one word. */
function quoted(word: string): string {
  return /^[\w./:=,@+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
