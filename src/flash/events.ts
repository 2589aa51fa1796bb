import type { ErrorCode } from '../base/error-codes.ts';

/**
 * What happens to one board, as plain JSON-able objects: progress bars, JSON lines, a web page and
 * the record of a unit all read this stream. Sizes in bytes. Contract: docs/events.md.
 */
export type FlashEvent =
  | BoardEvent
  | StageEvent
  | PhaseEvent
  | ProgressEvent
  | PhaseDoneEvent
  | VerifyEvent
  | DetachEvent
  | WarningEvent
  | ResultEvent;

/** An event as readers get it. */
export type FramedEvent = FlashEvent & EventFrame;

/** In every event. `time` is ISO 8601; `serial` and `port` are there as soon as they are known. */
export interface EventFrame {
  readonly time: string;
  readonly serial?: string;
  readonly port?: string;
}

export type StageName = 'rom' | 'tfa' | 'uboot';

export interface BoardEvent {
  readonly event: 'board';
  /** One family, or several as `mp23|mp25` where the stage cannot tell them apart. */
  readonly family: string;
  readonly deviceId: string;
  readonly revision: string;
  readonly stage: StageName;
}

export interface StageEvent {
  readonly event: 'stage';
  readonly stage: StageName;
  readonly product: string;
}

export interface PhaseEvent {
  readonly event: 'phase';
  /** `0x10`. */
  readonly id: string;
  readonly name: string;
  readonly file: string;
  /** Bytes to send: less than the image where its holes are left out. */
  readonly bytes: number;
  /** Size of the image, expanded. */
  readonly imageBytes: number;
  /** Ranges that are sent, each a download of its own; 1 for a whole image. */
  readonly extents: number;
  /** Which of how many phases this job sends, from 1; as far as it knows what the board will ask for. */
  readonly index: number;
  readonly count: number;
  /** To be sent in all, and acknowledged before this phase. */
  readonly jobBytes: number;
  readonly jobBytesBefore: number;
}

export interface ProgressEvent {
  readonly event: 'progress';
  readonly id: string;
  readonly bytesDone: number;
  readonly bytesTotal: number;
  readonly bytesPerSecond: number;
}

export interface PhaseDoneEvent {
  readonly event: 'phase-done';
  readonly id: string;
  readonly bytes: number;
  readonly seconds: number;
  /** Of the bytes that were sent. */
  readonly sha256: string;
}

/** What is read back and compared. Between `reading` and `equal` come `progress` events of the same id. */
export type VerifyEvent = VerifyPlannedEvent | VerifyReadingEvent | VerifyEqualEvent;

/** Before anything is sent. */
export interface VerifyPlannedEvent {
  readonly event: 'verify';
  readonly step: 'planned';
  /** To be read back, all phases together. */
  readonly bytes: number;
  /** Estimated. */
  readonly seconds: number;
}

interface VerifyPlace {
  readonly event: 'verify';
  readonly id: string;
  readonly name: string;
  readonly file: string;
  /** From the start of the partition to the last byte that was sent. */
  readonly bytes: number;
  /** Which of how many phases are read back, from 1. */
  readonly index: number;
  readonly count: number;
}

export interface VerifyReadingEvent extends VerifyPlace {
  readonly step: 'reading';
  /** Estimated. */
  readonly seconds: number;
  /** To be read back in all, and read before this phase. */
  readonly jobBytes: number;
  readonly jobBytesBefore: number;
}

export interface VerifyEqualEvent extends VerifyPlace {
  readonly step: 'equal';
  /** Measured. */
  readonly seconds: number;
  /** Of the ranges that were sent. */
  readonly sha256: string;
}

export interface DetachEvent {
  readonly event: 'detach';
  readonly stage: StageName;
}

export interface WarningEvent {
  readonly event: 'warning';
  /** What it is about, where a program may want to tell: the cable is out or in again. */
  readonly about?: 'replug';
  readonly message: string;
}

/** Always the last line. */
export interface ResultEvent {
  readonly event: 'result';
  readonly ok: boolean;
  readonly exitCode: number;
  /** `ok`, or the code of the error. */
  readonly code: ErrorCode | 'ok';
  readonly message: string;
  readonly hint: string;
  readonly seconds: number;
  /** Acknowledged by the board, all phases together. */
  readonly bytes: number;
  readonly phases: readonly PhaseResult[];
  /** `none`: the board acknowledged every byte, and nothing was read back. */
  readonly verified: 'none' | 'readback';
  /** False when `--no-check` let the job start unchecked. */
  readonly checked: boolean;
}

export interface PhaseResult {
  readonly id: string;
  readonly name: string;
  readonly file: string;
  /** Bytes to send. */
  readonly bytes: number;
  /** Size of the image, expanded. */
  readonly imageBytes: number;
  readonly bytesDone: number;
  readonly complete: boolean;
  readonly seconds: number;
  readonly sha256?: string;
}

/** How the rooms of a job tell what happened; the frame is added on the way out. */
export type Emit = (event: FlashEvent) => void;
