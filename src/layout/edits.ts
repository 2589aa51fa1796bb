import type { Layout } from './parse.ts';

/** A piece of a line, and what belongs in its place. Byte order marks stand before column 1 of line 1. */
export interface Edit {
  readonly line: number;
  readonly column: number;
  /** First column behind the piece; behind the text stands what ends the line. */
  readonly endColumn: number;
  readonly text: string;
}

/** The text that a layout was read from. */
export function layoutText({ bom, lines }: Layout): string {
  return `${bom}${lines.map(({ text, ending }) => text + ending).join('')}`;
}

/** The layout's text with all edits made; undefined when two of them touch the same characters. */
export function applyEdits(layout: Layout, edits: readonly Edit[]): string | undefined {
  const text = layoutText(layout);
  const starts = lineStarts(layout);
  const pieces: string[] = [];
  let end = 0;
  const placed = edits
    .map((edit) => {
      // A file of nothing but the mark has no line.
      const start = (starts[edit.line - 1] ?? text.length) + edit.column - 1;
      return { start, end: start + edit.endColumn - edit.column, text: edit.text };
    })
    .sort((a, b) => a.start - b.start || a.end - b.end);
  for (const edit of placed) {
    if (edit.start < end) return undefined;
    pieces.push(text.slice(end, edit.start), edit.text);
    end = edit.end;
  }
  return pieces.join('') + text.slice(end);
}

/** Where the lines start in the text, the mark at its beginning counted. */
function lineStarts({ bom, lines }: Layout): readonly number[] {
  let next = bom.length;
  return lines.map(({ text, ending }) => {
    const start = next;
    next += text.length + ending.length;
    return start;
  });
}
