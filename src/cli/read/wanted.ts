import { PhaselineError } from '../../base/errors.ts';
import type { WantedPartition } from '../../flash/reading.ts';
import { storageDevices } from '../../layout/geometry.ts';
import { parseCNumber } from '../../layout/number.ts';
import type { Layout } from '../../layout/parse.ts';
import { isStorageRow } from '../../layout/phases.ts';
import type { LayoutRow } from '../../layout/row.ts';

/** The rows that these ids name, once each and in the order of the ids; usage/arguments for one that is no partition. */
export function wantedRows(layout: Layout, texts: readonly string[]): readonly LayoutRow[] {
  return [...new Set(texts.map((text) => wantedRow(layout, text)))];
}

function wantedRow(layout: Layout, text: string): LayoutRow {
  const id = parseCNumber(text);
  const rows = layout.rows.filter((row) => id !== undefined && row.id === id);
  const row = rows.find(isStorageRow);
  if (row && row.ip?.kind !== 'ram') return row;
  const reason = rows[0] ? `${rows[0].name ?? 'it'} lies on no medium` : `${layout.path} has no such id`;
  throw new PhaselineError('usage/arguments', `${text} cannot be read: ${reason}`);
}

export function wantedPartition(layout: Layout, row: LayoutRow): WantedPartition {
  const placements = storageDevices(layout.rows).flatMap((device) => device.placements);
  const place = placements.find((placement) => placement.row === row);
  return {
    id: row.id as number,
    name: row.name ?? '',
    bytes: place?.boundedBy === 'neighbour' ? place.sizeBytes : undefined,
    mayBeShorter: row.ip?.kind === 'nand' || row.ip?.kind === 'spi-nand',
  };
}
