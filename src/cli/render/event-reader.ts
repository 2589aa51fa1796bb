import type { Io } from '../io.ts';
import { progressBars } from './bars.ts';
import { jsonLines } from './json-lines.ts';
import { plainLines } from './lines.ts';
import type { EventReader } from './reader.ts';

interface ReaderOptions {
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
}

/** JSON lines where asked for, bars on a terminal, else plain lines. */
export function eventReader(io: Io, { json, quiet = false }: ReaderOptions): EventReader {
  if (json) return jsonLines(io.stdout);
  const dumb = io.env.TERM === 'dumb' || io.env.CI !== undefined;
  return io.stdout.isTTY && !quiet && !dumb ? progressBars(io) : plainLines(io, quiet);
}
