import { parseDevice } from './device.ts';
import { type LayoutLine, splitLines } from './lines.ts';
import { parseCNumber } from './number.ts';
import { parseOffset } from './offset.ts';
import { parseOpt } from './opt.ts';
import { parsePartitionType } from './partition-type.ts';
import { type Cell, FIELDS, type Field, type LayoutRow } from './row.ts';

/** A FlashLayout: its lines as they stand in the file, and the rows among them. */
export interface Layout {
  /** What the file is called in messages. */
  readonly path: string;
  /** The byte order marks (U+FEFF) at the start, usually none; they count in no column. */
  readonly bom: string;
  readonly lines: readonly LayoutLine[];
  /** In the order of the file, unreadable ones too. */
  readonly rows: readonly LayoutRow[];
  /** Why there is no text: one line about the file, for `check` to report. */
  readonly problem?: string;
}

/** U-Boot: char name[16 + 1]. */
export const NAME_MAX_BYTES = 16;

const BYTE_ORDER_MARKS = /^\uFEFF*/;

/**
 * The text of a layout's bytes: UTF-8, with U+FFFD for what is none. A byte order mark stays for
 * `parseLayout` to see; one of UTF-16 becomes two U+FFFD.
 */
export function decodeLayout(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/** Reads a FlashLayout. Never fails: what cannot be read is undefined in the row, and `check` says why. */
export function parseLayout(text: string, path = 'layout'): Layout {
  const bom = BYTE_ORDER_MARKS.exec(text)?.[0] ?? '';
  const lines = splitLines(text.slice(bom.length));
  return { path, bom, lines, rows: lines.filter(({ kind }) => kind === 'row').map(rowOf) };
}

const UNREAD: Omit<LayoutRow, 'line'> = {
  cells: {},
  opt: undefined,
  id: undefined,
  name: undefined,
  type: undefined,
  ip: undefined,
  offset: undefined,
  binary: undefined,
};

function rowOf(line: LayoutLine): LayoutRow {
  if (line.cells.length === 0) return { ...UNREAD, line: line.number };
  const cells: Partial<Record<Field, Cell>> = {};
  for (const [index, field] of FIELDS.entries()) {
    const cell = line.cells[index];
    if (cell) cells[field] = cell;
  }
  const read = <T>(field: Field, parse: (text: string) => T | undefined): T | undefined => {
    const cell = cells[field];
    return cell && parse(cell.text);
  };
  return {
    line: line.number,
    cells,
    opt: read('opt', parseOpt),
    id: read('id', parseCNumber),
    name: read('name', parseName),
    type: read('type', parsePartitionType),
    ip: read('ip', parseDevice),
    offset: read('offset', parseOffset),
    binary: read('binary', (text) => text),
  };
}

function parseName(text: string): string | undefined {
  return new TextEncoder().encode(text).length <= NAME_MAX_BYTES ? text : undefined;
}
