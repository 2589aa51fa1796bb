/** What a job has done with the board since its ROM, or since it joined. */
export interface History {
  /** Phases whose file the board took, in that order. */
  readonly sent: readonly number[];
  /** Who got the FlashLayout; both in the older way. */
  readonly layoutSentTo: ReadonlySet<'tfa' | 'uboot'>;
  /** DETACH was given after the layout: the next U-Boot enumeration is the second one. */
  readonly layoutApplied: boolean;
  /** Where SetPhase left U-Boot's offset, which outlives the phase (FINDINGS trap 3); 0 when it need not be cleared. */
  readonly offset: number;
}

export const NOTHING_DONE: History = { sent: [], layoutSentTo: new Set(), layoutApplied: false, offset: 0 };

/** U-Boot works from the layout that this job sent: now, or (the older way) through TF-A. */
export function worksFromOurLayout({ layoutApplied, layoutSentTo }: History): boolean {
  return layoutApplied || layoutSentTo.has('tfa');
}

/** Whether one of these phases has its file. */
export function hasWritten({ sent }: History, storagePhases: readonly number[]): boolean {
  return sent.some((id) => storagePhases.includes(id));
}
