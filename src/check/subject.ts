import { type StorageDevice, storageDevices } from '../layout/geometry.ts';
import type { Layout } from '../layout/parse.ts';
import { FIELDS, type Field, type LayoutRow } from '../layout/row.ts';
import type { KnownDevices } from '../layout/usable-area.ts';
import type { Family } from '../stm32/chips.ts';
import { likelyFamilies } from './families.ts';
import type { FileFacts } from './file-facts.ts';
import type { Finding, Spoils } from './rule.ts';

/** What is known beside the text. What is left out makes rules silent, never wrong. */
export interface CheckContext {
  readonly family?: Family;
  /** By the text of the Binary cell. Without it, rules about files are off. */
  readonly files?: ReadonlyMap<string, FileFacts>;
  readonly devices?: KnownDevices;
  /** Who is going to use the layout: `phaseline` makes what phaseline itself cannot do an error. */
  readonly tool?: 'any' | 'phaseline';
}

/** The layout as the next rule may see it: cells with a finding are gone. */
export interface Subject {
  readonly layout: Layout;
  readonly context: CheckContext;
  /** A spoilt cell is missing from `cells`, and its value is undefined. */
  readonly rows: readonly LayoutRow[];
  readonly known: KnownDevices;
  readonly devices: readonly StorageDevice[];
  /** The families that the layout can be for; none when nothing tells. */
  readonly families: readonly Family[];
  /** Whether these fields can be relied upon in every row: what is not there is really missing then. */
  knows(...fields: readonly Field[]): boolean;
}

export function subjectOf(layout: Layout, context: CheckContext): Subject {
  return subjectWith(layout, context, layout.rows);
}

function subjectWith(layout: Layout, context: CheckContext, rows: readonly LayoutRow[]): Subject {
  const known = context.devices ?? new Map();
  let devices: readonly StorageDevice[] | undefined;
  let families: readonly Family[] | undefined;
  return {
    layout,
    context,
    rows,
    known,
    get devices() {
      devices ??= storageDevices(rows, known);
      return devices;
    },
    get families() {
      families ??= likelyFamilies(layout, context);
      return families;
    },
    knows: (...fields) => rows.every((row) => fields.every((field) => row[field] !== undefined)),
  };
}

/** The subject without what the findings have put in doubt. */
export function spoil(subject: Subject, spoils: Spoils, findings: readonly Finding[]): Subject {
  const spoilt = new Map<number, Set<Field>>();
  for (const finding of findings) {
    const fields = fieldsSpoilt(finding, finding.spoils ?? spoils);
    spoilt.set(finding.line, new Set([...(spoilt.get(finding.line) ?? []), ...fields]));
  }
  const rows = subject.rows.map((row) => {
    const fields = spoilt.get(row.line);
    return fields && fields.size > 0 ? without(row, fields) : row;
  });
  return subjectWith(subject.layout, subject.context, rows);
}

function fieldsSpoilt({ field }: Finding, spoils: Spoils): readonly Field[] {
  if (spoils === 'row') return FIELDS;
  return spoils === 'cell' && field !== undefined ? [field] : [];
}

function without(row: LayoutRow, fields: ReadonlySet<Field>): LayoutRow {
  const left = Object.entries(row.cells).filter(([field]) => !fields.has(field as Field));
  const gone = Object.fromEntries([...fields].map((field) => [field, undefined]));
  return { ...row, ...gone, cells: Object.fromEntries(left) };
}
