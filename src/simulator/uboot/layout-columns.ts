import { PHASE } from '../../stm32/phases.ts';
import { readCNumber } from './c-number.ts';
import { type LayoutRow, OPTION, type RowType, type Target } from './layout-row.ts';

/** Reads one column into the row; the text of the error, or undefined. Line numbers count from 1. */
export type ColumnParser = (line: number, text: string, row: LayoutRow) => string | undefined;

/** sizeof of the name field, its NUL included. */
const NAME_FIELD = 17;

/** The columns that the board reads, in order: Opt, Id, Name, Type, IP, Offset. layout-grammar.md §3. */
export const COLUMNS: readonly ColumnParser[] = [parseOption, parseId, parseName, parseType, parseIp, parseOffset];

function parseOption(line: number, text: string, row: LayoutRow): string | undefined {
  row.option = 0;
  if (text === '-') return undefined;
  for (const letter of text) {
    const bit = { P: OPTION.SELECT, E: OPTION.EMPTY, D: OPTION.DELETE }[letter];
    if (bit === undefined) return `Layout line ${line}: invalid option '${letter}' in ${text})`;
    row.option |= bit;
  }
  return row.option & OPTION.SELECT ? undefined : `Layout line ${line}: missing 'P' in option ${text}`;
}

function parseId(line: number, text: string, row: LayoutRow): string | undefined {
  const { value, tail } = readCNumber(text, 0);
  if (tail === text || tail !== '' || value > BigInt(PHASE.LAST_USER)) {
    return `Layout line ${line}: invalid phase value = ${text}`;
  }
  row.id = Number(value);
  return undefined;
}

function parseName(line: number, text: string, row: LayoutRow): string | undefined {
  if (text.length >= NAME_FIELD) return `Layout line ${line}: partition name too long [${text.length}]: ${text}`;
  row.name = text;
  return undefined;
}

const PLAIN_TYPES: readonly string[] = ['FIP', 'FWU_MDATA', 'ENV', 'System', 'FileSystem', 'ESP', 'RawImage'];

function parseType(line: number, text: string, row: LayoutRow): string | undefined {
  row.copies = 0;
  if (text.startsWith('Binary')) {
    const rest = text.slice('Binary'.length);
    if (rest === '' || /^\(.*\)$/s.test(rest)) {
      row.type = 'Binary';
      row.copies = rest === '' ? 1 : Number(BigInt.asUintN(32, readCNumber(rest.slice(1), 10).value));
      return undefined;
    }
  } else if (PLAIN_TYPES.includes(text)) {
    row.type = text as RowType;
    return undefined;
  }
  return `Layout line ${line}: type parsing error : '${text}'`;
}

/** With one digit behind them; `ram` and `none` are read on their own. */
const INDEXED_TARGETS: readonly Target[] = ['mmc', 'nor', 'nand', 'spi-nand'];

function parseIp(line: number, text: string, row: LayoutRow): string | undefined {
  row.deviceIndex = 0;
  if (text === 'none' || text.startsWith('ram')) {
    row.target = text === 'none' ? 'none' : 'ram';
    return undefined;
  }
  const target = INDEXED_TARGETS.find((name) => text.startsWith(name));
  const index = text.slice(target?.length ?? 0);
  if (target === undefined || !/^[0-9]$/.test(index)) return `Layout line ${line}: ip parsing error: '${text}'`;
  row.target = target;
  row.deviceIndex = Number(index);
  return undefined;
}

function parseOffset(line: number, text: string, row: LayoutRow): string | undefined {
  row.partition = 0;
  row.address = 0n;
  row.size = 0n;
  if (text.startsWith('boot')) {
    if (text !== 'boot1' && text !== 'boot2') return `Layout line ${line}: invalid part '${text}'`;
    row.partition = text === 'boot1' ? -1 : -2;
    return undefined;
  }
  const { value, tail } = readCNumber(text, 10);
  if (tail === text || tail !== '') return `Layout line ${line}: invalid offset '${text}'`;
  row.address = value;
  return undefined;
}
