import type { Device } from './device.ts';
import type { Offset } from './offset.ts';
import type { Opt } from './opt.ts';
import type { PartitionType } from './partition-type.ts';

/** The seven columns, in their order; `ip` is the one that newer pages call Device. */
export const FIELDS = ['opt', 'id', 'name', 'type', 'ip', 'offset', 'binary'] as const;
export type Field = (typeof FIELDS)[number];

/** The text between two runs of TABs. Columns count UTF-16 units from 1; a TAB is one. */
export interface Cell {
  readonly text: string;
  readonly column: number;
  /** First column behind it. */
  readonly endColumn: number;
}

/** The word for "nothing here" in the Binary column. */
export const NO_BINARY = 'none';

/** What a row says; undefined where the cell is missing or U-Boot could not read it. */
export interface RowValues {
  readonly opt: Opt | undefined;
  /** As U-Boot reads it, so possibly beyond 0xF0. */
  readonly id: number | undefined;
  readonly name: string | undefined;
  readonly type: PartitionType | undefined;
  readonly ip: Device | undefined;
  readonly offset: Offset | undefined;
  /** The file's name as written, or NO_BINARY. */
  readonly binary: string | undefined;
}

export interface LayoutRow extends RowValues {
  /** Line of the file, from 1. */
  readonly line: number;
  readonly cells: Readonly<Partial<Record<Field, Cell>>>;
}
