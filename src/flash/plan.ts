import { createHash } from 'node:crypto';
import { type Bytes, type Extent, memoryBytes } from '../base/bytes.ts';
import { type ExpectedAlternate, expectedAlternates } from '../layout/alternates.ts';
import { layoutBlob } from '../layout/blob.ts';
import { type Device, formatDevice } from '../layout/device.ts';
import { type Placement, storageDevices } from '../layout/geometry.ts';
import type { Layout } from '../layout/parse.ts';
import { plannedPhases, sendsFile } from '../layout/phases.ts';
import type { LayoutRow } from '../layout/row.ts';
import type { Family } from '../stm32/chips.ts';
import { PHASE } from '../stm32/phases.ts';
import { extentsToSend, totalBytes } from './extents.ts';
import { withFinishedRows } from './finished-rows.ts';
import type { Proof } from './journal.ts';
import { holesRefused, readbackRefused } from './places.ts';

/** A file that goes to one phase. */
export interface PlannedFile {
  readonly id: number;
  /** The name in the layout's row. */
  readonly name: string;
  /** As the layout names it. */
  readonly file: string;
  readonly bytes: Bytes;
  /** What of it is sent, each range as a download of its own; see flash/extents.ts. */
  readonly extents: readonly Extent[];
  /** Bytes of the extents. */
  readonly bytesToSend: number;
  /** Why more of it is sent than its holes ask for. */
  readonly note?: string;
  /** How often U-Boot writes it: N of `Binary(N)`. */
  readonly copies: number;
  /** Why it cannot be read back; absent where it can. */
  readonly noReadback?: string;
}

/** A file that an earlier job has brought to its phase, and proven. */
export interface FinishedFile extends PlannedFile {
  /** Of what was sent, in hex. */
  readonly sha256: string;
}

/** `--layout-header`. */
export type LayoutHeader = 'auto' | 'on' | 'off';

/** Everything that is decided before the first byte is sent. */
export interface Plan {
  /** As the user named it. */
  readonly layoutPath: string;
  /** By phase: boot files and the files of every partition that the board will ask for. */
  readonly files: ReadonlyMap<number, PlannedFile>;
  /** In the order in which they are sent. */
  readonly planned: readonly PlannedFile[];
  /** What is not sent, because an earlier job has proven it (`--resume`); by id. */
  readonly finished: readonly FinishedFile[];
  /** sha256 in hex of the rows as they were given: what a journal is about. */
  readonly fingerprint: string;
  /** Phases that U-Boot asks for, ascending: selected and not empty. */
  readonly storagePhases: readonly number[];
  /** What U-Boot's second enumeration has to look like. */
  readonly alternates: readonly ExpectedAlternate[];
  /** Devices that a D option wipes as a whole. */
  readonly wipes: readonly string[];
  /** Devices whose GPT is left as it is, because one of their rows is not selected. */
  readonly partialUpdates: readonly string[];
  /** Bytes that D options erase, where the layout tells, by the kind of medium; for the patience after the layout. */
  readonly eraseBytes: Readonly<Record<'mmc' | 'nor' | 'nand', number>>;
  /** Families that the FSBL is made for; undefined when nobody looked. */
  readonly families: readonly Family[] | undefined;
  /** The FlashLayout as it is sent; `wanted` asks for the STM32 header where `--layout-header` leaves it open. */
  layoutFile(headerWanted: boolean): PlannedFile;
  /** The layout's line of a row of the board's; undefined when there is no such row. */
  fileLine(boardLine: number): number | undefined;
  /** The line of the row with that id, else of the first one on that device (`mmc1`). */
  rowLine(row: { readonly id?: number | undefined; readonly device?: string | undefined }): number | undefined;
}

export interface PlanRequest {
  readonly layout: Layout;
  /** The opened file of every row that sends one, by the text of its Binary cell. */
  readonly images: ReadonlyMap<string, Bytes>;
  readonly header: LayoutHeader;
  /** The U-Boot in the 0x03 file is older than v2022.07 and wants the STM32 header (protocol.md §5.1). */
  readonly oldUboot: boolean;
  readonly families?: readonly Family[] | undefined;
  /** False: what an image calls holes is sent as zeros (`--no-skip`). */
  readonly skipHoles?: boolean;
  /** Phases that are not sent again: their rows go out as `PE` (finished-rows.ts). */
  readonly proven?: readonly Proof[];
}

/** Rows without a readable id or file are left out: `check` comes before. */
export function makePlan(request: PlanRequest): Plan {
  const { header, oldUboot, families, proven = [] } = request;
  const layout = withFinishedRows(request.layout, proven);
  const planned = sendingOrder(layout).flatMap((row) => plannedFile(row, request));
  const blob = (withHeader: boolean) => layoutBlob(layout, { header: withHeader });
  const devices = storageDevices(layout.rows);
  const erased = devices.flatMap(({ placements }) => placements.filter(({ row }) => row.opt?.erase));
  return {
    layoutPath: layout.path,
    files: new Map(planned.map((file) => [file.id, file])),
    planned,
    finished: finishedFiles(request),
    fingerprint: createHash('sha256')
      .update(layoutBlob(request.layout, { header: false }).bytes)
      .digest('hex'),
    storagePhases: plannedPhases(layout).map(({ id }) => id as number),
    alternates: expectedAlternates(layout),
    wipes: erased.filter(({ row }) => row.type?.kind === 'RawImage').map(({ row }) => deviceName(row)),
    partialUpdates: devices.filter(({ update }) => update === 'partial').map(({ name }) => name),
    eraseBytes: {
      mmc: erasedOn(erased, 'mmc'),
      nor: erasedOn(erased, 'nor'),
      nand: erasedOn(erased, 'nand') + erasedOn(erased, 'spi-nand'),
    },
    families,
    layoutFile: (wanted) => {
      const withHeader = header === 'on' || (header === 'auto' && (wanted || oldUboot));
      const bytes = memoryBytes(blob(withHeader).bytes);
      return { id: PHASE.FLASHLAYOUT, name: 'FlashLayout', file: layout.path, bytes, copies: 1, ...sendingOf(bytes) };
    },
    fileLine: (boardLine) => blob(false).fileLine(boardLine),
    rowLine: ({ id, device }) =>
      layout.rows.find((row) => (id !== undefined && row.id === id) || (row.ip && formatDevice(row.ip) === device))
        ?.line,
  };
}

/** Boot stages by id, then what U-Boot asks for. */
function sendingOrder(layout: Layout): readonly LayoutRow[] {
  const storage = plannedPhases(layout);
  const boot = layout.rows.filter((row) => sendsFile(row) && !storage.includes(row) && row.id !== undefined);
  return [...boot.toSorted((a, b) => (a.id as number) - (b.id as number)), ...storage];
}

function finishedFiles(request: PlanRequest): readonly FinishedFile[] {
  const { layout, proven = [] } = request;
  return plannedPhases(layout).flatMap((row) => {
    const proof = proven.find(({ id }) => id === row.id);
    return proof ? plannedFile(row, request).map((file) => ({ ...file, sha256: proof.sha256 })) : [];
  });
}

function plannedFile(row: LayoutRow, { images, skipHoles = true }: PlanRequest): PlannedFile[] {
  const bytes = row.binary === undefined ? undefined : images.get(row.binary);
  if (row.id === undefined || row.binary === undefined || bytes === undefined) return [];
  const sending = skipHoles ? sendingOf(bytes, holesRefused(row)) : sendingOf({ size: bytes.size });
  const noReadback = readbackRefused(row);
  return [
    {
      id: row.id,
      name: row.name ?? '',
      file: row.binary,
      bytes,
      copies: row.type?.copies ?? 1,
      ...sending,
      ...(noReadback !== undefined && { noReadback }),
    },
  ];
}

function sendingOf(image: Pick<Bytes, 'size' | 'mapped'>, refusal?: string) {
  const sending = extentsToSend(image, refusal);
  return { ...sending, bytesToSend: totalBytes(sending.extents) };
}

function erasedOn(erased: readonly Placement[], kind: Device['kind']): number {
  return erased.filter(({ row }) => row.ip?.kind === kind).reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0);
}

function deviceName({ ip, offset }: LayoutRow): string {
  const device = ip ? formatDevice(ip) : '?';
  return typeof offset === 'string' ? `${device} ${offset}` : device;
}
