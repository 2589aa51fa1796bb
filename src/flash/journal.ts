/** One phase that a board has proven: its manifest ended, and the GetPhase after it asked for the next one. */
export interface Proof {
  readonly id: number;
  /** Bytes that were sent, and their sha256 in hex. */
  readonly bytes: number;
  readonly sha256: string;
  /** Where in the image they lay, as `rangesSha256` tells it; absent when they were all of it. */
  readonly ranges?: string | undefined;
}

/** Whose journal it is, and of which layout. */
export interface JournalHead {
  /** Of the board, as it was first seen. */
  readonly serial: string;
  /** sha256 of the layout's rows (Plan.fingerprint), in hex. */
  readonly layout: string;
  /** ISO 8601. */
  readonly startedAt: string;
}

/**
 * What outlives a job: the proofs of one board, kept so that another job can go on behind them. Each call
 * returns when its effect is durable. A journal that cannot be kept must not stop a job, one that would
 * tell of another job must: `begin` then fails with `resume/journal`.
 */
export interface Journal {
  /** From here on the board is written. Only `kept` of what was there before still counts. */
  begin(head: JournalHead, kept: readonly Proof[]): void;
  proven(proof: Proof): void;
  /** Nothing is left to go on with: all is done, or nothing can be trusted. */
  discard(): void;
}
