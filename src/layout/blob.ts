import { concatBytes } from '../base/bytes.ts';
import { encodeStm32HeaderV1 } from '../image/stm32-header.ts';
import { formatRow } from './format.ts';
import type { Layout } from './parse.ts';
import type { Field } from './row.ts';

/** What goes to the board as phase 0. */
export interface LayoutBlob {
  readonly bytes: Uint8Array;
  /** The file's line behind the board's `Layout line N`; undefined when the board was sent no such line. */
  readonly fileLine: (boardLine: number) => number | undefined;
}

/** U-Boot never reads Binary. */
const SENT: readonly Field[] = ['opt', 'id', 'name', 'type', 'ip', 'offset'];

/**
 * Rebuilds the rows for U-Boot: six columns, single TABs, no comments, so that nothing but the rows'
 * meaning reaches its parser (layout-grammar.md §4). `header` puts an STM32 v1.0 header in front, which
 * U-Boot wants before v2022.07 (protocol.md §5.1).
 */
export function layoutBlob(layout: Layout, options: { readonly header: boolean }): LayoutBlob {
  // A line feed behind the last row would count as one row more against U-Boot's 240 (layout-grammar.md §3).
  const text = new TextEncoder().encode(layout.rows.map((row) => formatRow(row, SENT)).join('\n'));
  return {
    bytes: options.header ? concatBytes([encodeStm32HeaderV1(text), text]) : text,
    fileLine: (boardLine) => layout.rows[boardLine - 1]?.line,
  };
}
