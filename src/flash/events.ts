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
  | ReadEvent
  | ResumeEvent
  | AttemptEvent
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

/** `--resume`: what is not sent again. */
export interface ResumeEvent {
  readonly event: 'resume';
  /** When the board was last written from the start; ISO 8601. */
  readonly startedAt: string;
  readonly phases: readonly { readonly id: string; readonly name: string; readonly file: string }[];
}

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

/** What a step with an alternate setting that is read tells of it. */
interface ReadPlace {
  readonly id: string;
  readonly name: string;
  readonly file: string;
  /** Verification: up to the last byte that was sent. Reading: of the partition, at the most while it is not read yet. */
  readonly bytes: number;
  /** Which of how many are read, from 1. */
  readonly index: number;
  readonly count: number;
}

interface ReadStart extends ReadPlace {
  readonly step: 'reading';
  /** Estimated. */
  readonly seconds: number;
  /** To be read in all, and read before this one. */
  readonly jobBytes: number;
  readonly jobBytesBefore: number;
}

interface ReadEnd extends ReadPlace {
  /** Measured. */
  readonly seconds: number;
  /** Of what was read; with holes, of the ranges that were sent. */
  readonly sha256: string;
}

export interface VerifyReadingEvent extends ReadStart {
  readonly event: 'verify';
}

export interface VerifyEqualEvent extends ReadEnd {
  readonly event: 'verify';
  readonly step: 'equal';
}

/** `phaseline read`: a partition that is saved. Between the two come `progress` events of the same id. */
export type ReadEvent = ReadStartEvent | ReadSavedEvent;

export interface ReadStartEvent extends ReadStart {
  readonly event: 'read';
}

export interface ReadSavedEvent extends ReadEnd {
  readonly event: 'read';
  readonly step: 'saved';
}

/** An attempt has failed, and the job starts over (`--retries`). */
export interface AttemptEvent {
  readonly event: 'attempt';
  /** Which of how many, from 1. */
  readonly number: number;
  readonly of: number;
  readonly ok: boolean;
  readonly code: ErrorCode | 'ok';
  readonly message: string;
  readonly bytes: number;
}

/** What became of one attempt. */
export interface AttemptResult {
  readonly code: ErrorCode | 'ok';
  readonly message: string;
  readonly bytes: number;
  readonly seconds: number;
}

export interface DetachEvent {
  readonly event: 'detach';
  readonly stage: StageName;
}

export interface WarningEvent {
  readonly event: 'warning';
  /** What it is about, where a program may want to tell: a cable that is out or in again, a job without progress, one that starts over. */
  readonly about?: 'replug' | 'stall' | 'retry';
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
  /** `phaseline read` only: the partitions that are complete. */
  readonly saved?: readonly SavedPartition[];
  /** `none`: the board acknowledged every byte, and nothing was read back. */
  readonly verified: 'none' | 'readback';
  /** How the board was left; absent when none was found. */
  readonly left?: BoardLeft;
  /** In order; the last one made this result. Empty when there was none. */
  readonly attempts: readonly AttemptResult[];
  /** False when `--no-check` let the job start unchecked. */
  readonly checked: boolean;
}

/** A partition as it is in a file. */
export interface SavedPartition {
  readonly id: string;
  readonly name: string;
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * `finished`: detached at its end. `reset`: told to start over in its ROM. `rom`, `tfa`, `uboot`: left as it is, in
 * that stage, where nothing helps but a reset by hand. `unreachable`: it no longer answered, or
 * was on its way to its next stage.
 */
export type BoardLeft = 'finished' | 'reset' | StageName | 'unreachable';

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
  /** True for what an earlier job had brought there: this one did not send it (`--resume`). */
  readonly earlier?: boolean;
  readonly seconds: number;
  readonly sha256?: string;
}

/** How the rooms of a job tell what happened; the frame is added on the way out. */
export type Emit = (event: FlashEvent) => void;
