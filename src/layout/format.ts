import { hexNumber } from '../base/sizes.ts';
import { formatDevice } from './device.ts';
import { formatOffset } from './offset.ts';
import { formatOpt } from './opt.ts';
import type { Layout } from './parse.ts';
import { formatPartitionType } from './partition-type.ts';
import { FIELDS, type Field, type LayoutRow } from './row.ts';

const HEADER = '#Opt\tId\tName\tType\tIP\tOffset\tBinary\n';

/** The layout in its one canonical form: header, rows, single TABs. Comments are left out. */
export function formatLayout(layout: Pick<Layout, 'rows'>): string {
  return HEADER + layout.rows.map((row) => `${formatRow(row, FIELDS)}\n`).join('');
}

/** The named columns of a row; a cell that nobody can read stands as it was, a missing one is left out. */
export function formatRow(row: LayoutRow, fields: readonly Field[]): string {
  return fields
    .map((field) => formatField(row, field) ?? row.cells[field]?.text)
    .filter((text) => text !== undefined)
    .join('\t');
}

function formatField(row: LayoutRow, field: Field): string | undefined {
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
