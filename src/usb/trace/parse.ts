import { PhaselineError } from '../../base/errors.ts';
import type { TraceHead, TraceLine } from './lines.ts';
import { parseHead, parseLine } from './parse-line.ts';

/** A line of a trace, and where it stands in its text; lines count from 1. */
export interface NumberedLine {
  readonly number: number;
  readonly line: TraceLine;
}

export interface Trace {
  readonly head: TraceHead;
  readonly lines: readonly NumberedLine[];
  /** True when the text ends within a line: whoever wrote it was killed. That line is left out. */
  readonly cut: boolean;
}

/** Reads the text of a trace; `trace/format` with the number of the first line that is none. */
export function parseTrace(text: string): Trace {
  const texts = text.split('\n');
  // What stands behind the last newline is nothing, or a line that was not finished.
  const cut = texts.pop() !== '';
  const head = parseHead(json(texts[0] ?? ''));
  if (!head) throw new PhaselineError('trace/format', 'line 1 is not the head of a trace', { line: 1 });
  const lines = texts.slice(1).map((one, index) => {
    const line = parseLine(json(one));
    const number = index + 2;
    if (!line) throw new PhaselineError('trace/format', `line ${number} is no line of a trace`, { line: number });
    return { number, line };
  });
  return { head, lines, cut };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // which is no line either
  }
}
