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

/**
 * As many rows are cut into cells. U-Boot takes 240 and `check` ends behind those; a text of a MiB of rows
 * would keep csv-parse busy for seconds.
 */
const MOST_ROWS = 1000;

/**
 * Cuts a text into lines and cells. Every string is a text; joining all lines and endings gives it back.
 * Rows behind the thousandth have no cells.
 */
export function splitLines(text: string): readonly LayoutLine[] {
  const pieces = text.split('\n');
  const last = pieces.pop() as string;
  const lines = pieces.map((piece, index) => lineOf(piece, index + 1, true));
  if (last !== '') lines.push(lineOf(last, lines.length + 1, false));
  const rows = lines.filter(({ kind }) => kind === 'row').slice(0, MOST_ROWS);
  const cells = new Map(cut(rows.map((row) => row.text)).map((found, index) => [rows[index], found]));
  return lines.map((line) => {
    const found = cells.get(line);
    return found ? { ...line, cells: found } : line;
  });
}

function lineOf(piece: string, number: number, ended: boolean): LayoutLine {
  const carriageReturn = ended && piece.endsWith('\r');
  const text = carriageReturn ? piece.slice(0, -1) : piece;
  const kind = text.startsWith('#') ? 'comment' : /^[ \t]*$/.test(text) ? 'blank' : 'row';
  return { number, text, ending: ended ? (carriageReturn ? '\r\n' : '\n') : '', kind, cells: [] };
}

function cut(rows: readonly string[]): readonly (readonly Cell[])[] {
  // No quoting and no other line ends: what a cell holds is what stands in the file.
  const records: string[][] = parse(rows.join('\n'), {
    delimiter: '\t',
    record_delimiter: '\n',
    quote: null,
    escape: null,
    relax_column_count: true,
    skip_empty_lines: false,
  });
  return records.map(cellsOf);
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
