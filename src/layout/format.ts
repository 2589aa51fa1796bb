import { hexNumber } from '../base/sizes.ts';
import { formatDevice } from './device.ts';
import type { LayoutLine } from './lines.ts';
import { formatOffset } from './offset.ts';
import { formatOpt } from './opt.ts';
import type { Layout } from './parse.ts';
import { formatPartitionType } from './partition-type.ts';
import { FIELDS, type Field, type LayoutRow } from './row.ts';

const HEADER = ['#Opt', 'Id', 'Name', 'Type', 'IP', 'Offset', 'Binary'] as const;
const TAB_WIDTH = 8;

/**
 * The layout in its one canonical form: the usual header in front of the first row, hex numbers, columns under
 * each other. Where the columns meet stand as many TABs as an editor with a TAB width of 8 needs: to whoever
 * reads layouts, several are one. Comments and what nobody can read stay as they are.
 */
export function formatLayout({ lines, rows }: Pick<Layout, 'lines' | 'rows'>): string {
  const cells = new Map(rows.map((row) => [row.line, formatCells(row)]));
  for (const { number, cells: all } of lines) {
    const beyond = all.slice(FIELDS.length).map(({ text }) => text);
    if (beyond.length > 0) cells.get(number)?.push(...beyond);
  }
  const widths = columnWidths([HEADER, ...cells.values()]);
  const kept = lines.filter((line) => !isHeader(line));
  const first = kept.find(({ kind }) => kind === 'row');
  return kept
    .flatMap((line) => {
      const text = lineText(line, cells.get(line.number), widths);
      return line === first ? [aligned(HEADER, widths), text] : [text];
    })
    .map((text) => `${text}\n`)
    .join('');
}

function lineText(line: LayoutLine, cells: readonly string[] | undefined, widths: readonly number[]): string {
  if (!cells) return line.kind === 'blank' ? '' : line.text;
  const text = aligned(cells, widths);
  // Behind a TAB at the start of the line, # was no comment.
  return text.startsWith('#') ? line.text : text;
}

/** The named columns of a row; a cell that nobody can read stands as it was, a missing one is left out. */
export function formatRow(row: LayoutRow, fields: readonly Field[]): string {
  return fields
    .map((field) => formatField(row, field))
    .filter((text) => text !== undefined)
    .join('\t');
}

/** A cell in its canonical form; as it stands where nobody can read it. */
export function formatField(row: LayoutRow, field: Field): string | undefined {
  return formatValue(row, field) ?? row.cells[field]?.text;
}

function formatValue(row: LayoutRow, field: Field): string | undefined {
  switch (field) {
    case 'opt':
      return row.opt && formatOpt(row.opt);
    case 'id':
      return row.id === undefined ? undefined : hexNumber(row.id);
    case 'type':
      return row.type && formatPartitionType(row.type);
    case 'ip':
      return row.ip && formatDevice(row.ip);
    case 'offset':
      return row.offset === undefined ? undefined : formatOffset(row.offset);
    case 'name':
    case 'binary':
      return row[field];
  }
}

function formatCells(row: LayoutRow): string[] {
  return FIELDS.map((field) => formatField(row, field)).filter((text) => text !== undefined);
}

function isHeader({ kind, text }: LayoutLine): boolean {
  return kind === 'comment' && /^#\s*opt\s+id\s/i.test(text);
}

/** How far each column reaches, to the next TAB stop behind its longest cell. */
function columnWidths(rows: readonly (readonly string[])[]): readonly number[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, { length }] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, (Math.floor(length / TAB_WIDTH) + 1) * TAB_WIDTH);
    }
  }
  return widths;
}

function aligned(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((text, column) => {
      if (column === cells.length - 1) return text;
      return text + '\t'.repeat(Math.ceil(((widths[column] ?? 0) - text.length) / TAB_WIDTH));
    })
    .join('');
}
