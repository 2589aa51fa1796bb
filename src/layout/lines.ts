import { parse } from 'csv-parse/sync';
import type { Cell } from './row.ts';

/** One line of the file. `#` makes a comment only as its very first character. */
export interface LayoutLine {
  /** From 1. */
  readonly number: number;
  /** Without what ends it. */
  readonly text: string;
  readonly ending: '' | '\n' | '\r\n';
  /** `blank`: nothing but TABs and spaces. */
  readonly kind: 'row' | 'comment' | 'blank';
  /** What stands between runs of TABs; of rows only. */
  readonly cells: readonly Cell[];
}

/** Cuts a text into lines and cells. Every string is a text; joining all lines and endings gives it back. */
export function splitLines(text: string): readonly LayoutLine[] {
  // No quoting and no other line ends: what a cell holds is what stands in the file.
  const records: string[][] = parse(text, {
    delimiter: '\t',
    record_delimiter: '\n',
    quote: null,
    escape: null,
    relax_column_count: true,
    skip_empty_lines: false,
  });
  const last = text.endsWith('\n') ? -1 : records.length - 1;
  return records.map((pieces, index) => lineOf(pieces, index + 1, index !== last));
}

function lineOf(pieces: readonly string[], number: number, ended: boolean): LayoutLine {
  const whole = pieces.join('\t');
  const carriageReturn = ended && whole.endsWith('\r');
  const text = carriageReturn ? whole.slice(0, -1) : whole;
  const kind = text.startsWith('#') ? 'comment' : /^[ \t]*$/.test(text) ? 'blank' : 'row';
  return {
    number,
    text,
    ending: ended ? (carriageReturn ? '\r\n' : '\n') : '',
    kind,
    cells: kind === 'row' ? cellsOf(carriageReturn ? withoutLastCharacter(pieces) : pieces) : [],
  };
}

function withoutLastCharacter(pieces: readonly string[]): readonly string[] {
  return [...pieces.slice(0, -1), (pieces.at(-1) as string).slice(0, -1)];
}

function cellsOf(pieces: readonly string[]): readonly Cell[] {
  const cells: Cell[] = [];
  let column = 1;
  for (const text of pieces) {
    const endColumn = column + text.length;
    if (text !== '') cells.push({ text, column, endColumn });
    column = endColumn + 1;
  }
  return cells;
}
