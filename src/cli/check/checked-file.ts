import type { Diagnostic } from '../../base/diagnostics.ts';
import type { LikelyFamilies } from '../../check/families.ts';

/** A layout, or a configuration, and what was found in it. */
export interface CheckedFile {
  /** As it is called in messages. */
  readonly path: string;
  readonly diagnostics: readonly Diagnostic[];
  /** Of layouts only. */
  readonly likely?: LikelyFamilies;
  /** A line of its text; undefined when it has no such line. */
  readonly lineText: (line: number) => string | undefined;
}

export interface CheckReport {
  readonly files: readonly CheckedFile[];
  /** Warnings fail it too. */
  readonly strict: boolean;
}

/** Makes one text of a report. */
export type Reporter = (report: CheckReport) => string;
