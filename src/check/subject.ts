import type { Severity } from '../base/diagnostics.ts';
import { type StorageDevice, storageDevices } from '../layout/geometry.ts';
import type { Layout } from '../layout/parse.ts';
import { FIELDS, type Field, type LayoutRow } from '../layout/row.ts';
import { type DeviceFacts, type KnownDevices, SECTOR_BYTES } from '../layout/usable-area.ts';
import type { Family } from '../stm32/chips.ts';
import { likelyFamilies } from './families.ts';
import type { FileFacts } from './file-facts.ts';
import { placeholderIn } from './placeholders.ts';
import type { Profile } from './profiles.ts';
import type { ReferenceBoard } from './reference-boards.ts';
import type { Finding, Spoils } from './rule.ts';
import { sdCardsByAddress } from './sd-cards.ts';

/** What is known beside the text. What is left out makes rules silent, never wrong. */
export interface CheckContext {
  readonly family?: Family;
  /** By the text of the Binary cell, as the tool would send them. Without it, rules about files are off. */
  readonly files?: ReadonlyMap<string, FileFacts>;
  /** Goes before what is known of the board's. */
  readonly devices?: KnownDevices;
  readonly board?: ReferenceBoard;
  /** `uboot` unless said otherwise. */
  readonly profile?: Profile;
  /** Instead of the rules' own. */
  readonly severities?: ReadonlyMap<string, Severity | 'off'>;
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
  /** Of the known devices, those that nobody speaks of and whose addresses are those of an SD card. */
  readonly cardsByAddress: ReadonlySet<string>;
  readonly devices: readonly StorageDevice[];
  /** The families that the layout can be for; none when nothing tells. */
  readonly families: readonly Family[];
  /** Of all rules, this one and those behind it too. */
  readonly ruleIds: ReadonlySet<string>;
  /** Whether these fields can be relied upon in every row: what is not there is really missing then. */
  knows(...fields: readonly Field[]): boolean;
}

export function subjectOf(layout: Layout, context: CheckContext, ruleIds: ReadonlySet<string>): Subject {
  const rows = context.profile === 'template' ? layout.rows.map(withoutPlaceholders) : layout.rows;
  const given = knownDevices(context);
  const cardsByAddress = sdCardsByAddress(rows, given, context.board);
  const known = new Map(given);
  for (const name of cardsByAddress) known.set(name, { ...given.get(name), eraseBytes: SECTOR_BYTES });
  return subjectWith({ layout, context, ruleIds, known, cardsByAddress }, rows);
}

/** What is known of the board's devices, and what the user says of them on top. */
export function knownDevices({ board, devices }: Pick<CheckContext, 'board' | 'devices'>): KnownDevices {
  const known = new Map<string, DeviceFacts>(Object.entries(board?.devices ?? {}));
  for (const [name, facts] of devices ?? []) known.set(name, { ...known.get(name), ...facts });
  return known;
}

type Given = Pick<Subject, 'layout' | 'context' | 'ruleIds' | 'known' | 'cardsByAddress'>;

function subjectWith(given: Given, rows: readonly LayoutRow[]): Subject {
  const { layout, context, known } = given;
  let devices: readonly StorageDevice[] | undefined;
  let families: readonly Family[] | undefined;
  return {
    ...given,
    rows,
    get devices() {
      devices ??= storageDevices(rows, known);
      return devices;
    },
    get families() {
      families ??= likelyFamilies(layout, context).families;
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
  if (![...spoilt.values()].some((fields) => fields.size > 0)) return subject;
  const rows = subject.rows.map((row) => {
    const fields = spoilt.get(row.line);
    return fields && fields.size > 0 ? without(row, fields) : row;
  });
  const { layout, context, ruleIds, known, cardsByAddress } = subject;
  return subjectWith({ layout, context, ruleIds, known, cardsByAddress }, rows);
}

function fieldsSpoilt({ field }: Finding, spoils: Spoils): readonly Field[] {
  if (spoils === 'row') return FIELDS;
  return spoils === 'cell' && field !== undefined ? [field] : [];
}

/** A token stands for a value that nobody knows yet. */
function withoutPlaceholders(row: LayoutRow): LayoutRow {
  const open = FIELDS.filter((field) => placeholderIn(row.cells[field]?.text ?? '') !== undefined);
  return open.length === 0 ? row : without(row, new Set(open));
}

function without(row: LayoutRow, fields: ReadonlySet<Field>): LayoutRow {
  const left = Object.entries(row.cells).filter(([field]) => !fields.has(field as Field));
  const gone = Object.fromEntries([...fields].map((field) => [field, undefined]));
  return { ...row, ...gone, cells: Object.fromEntries(left) };
}
