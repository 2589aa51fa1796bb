import type { UsbSpeed } from '../port.ts';
import type { TraceData } from './data.ts';
import type { TraceStatus } from './status.ts';

/**
 * The lines of a trace: JSON objects, one a line. Transfers look as they do in the golden transcripts of
 * U-Boot (`setup`, `out`, `status`, `in`); devices are numbered as they appear, times are ms since the
 * start of the trace.
 */
export type TraceLine = TransferLine | AttachLine | GoneLine | CallLine | ListLine;

/** The first line of a trace. */
export interface TraceHead {
  /** Version of this format. */
  readonly trace: 1;
  /** Name of the bus. */
  readonly bus: string;
  /** ISO 8601. */
  readonly date: string;
}

/** bmRequestType, bRequest, wValue, wIndex, wLength. USB 2.0 table 9-2. */
export type SetupFields = readonly [number, number, number, number, number];

/** A control transfer (`setup`), or a bulk transfer (`bulk`: endpoint address and length). */
export interface TransferLine {
  readonly device: number;
  readonly setup?: SetupFields;
  readonly bulk?: readonly [endpoint: number, length: number];
  /** What was sent; absent where nothing was. */
  readonly out?: TraceData;
  readonly status: TraceStatus;
  /** What came; only with status OK. */
  readonly in?: TraceData;
  readonly startMs: number;
  readonly endMs: number;
}

/** A device was seen on the bus for the first time in this enumeration. */
export interface AttachLine {
  readonly event: 'attach';
  readonly device: number;
  readonly port: string;
  readonly key: string;
  readonly vendorId: number;
  readonly productId: number;
  readonly deviceVersion: number;
  readonly speed: UsbSpeed;
  /** All that one look at the bus showed has the same time. */
  readonly atMs: number;
}

/** A device is no longer on the bus. */
export interface GoneLine {
  readonly event: 'gone';
  readonly device: number;
  readonly port: string;
  readonly key: string;
  readonly atMs: number;
}

/** A device was opened, or its port reset. */
export interface CallLine {
  readonly event: 'open' | 'reset';
  readonly device: number;
  readonly status: TraceStatus;
  readonly atMs: number;
}

/** A look at the bus that failed. */
export interface ListLine {
  readonly event: 'list';
  readonly status: TraceStatus;
  readonly atMs: number;
}

/** True for what a look at the bus shows. */
export function isBusLine(line: TraceLine): line is AttachLine | GoneLine | ListLine {
  return 'event' in line && line.event !== 'open' && line.event !== 'reset';
}

export function isTransfer(line: TraceLine): line is TransferLine {
  return !('event' in line);
}
