import type { Severity } from '../base/diagnostics.ts';
import type { Edit } from '../layout/edits.ts';
import type { Field, LayoutRow } from '../layout/row.ts';
import type { Subject } from './subject.ts';

/** One place where a rule is broken. */
export interface Finding {
  readonly line: number;
  readonly column: number;
  /** First column behind it. */
  readonly endColumn: number;
  /** What is wrong, with the value; one line. */
  readonly message: string;
  /** Instead of the rule's `fix`. */
  readonly help?: string;
  /** Instead of the rule's own. */
  readonly severity?: Severity;
  /** Instead of the rule's own. */
  readonly spoils?: Spoils;
  /** The cell that is in doubt now. */
  readonly field?: Field;
  /** What belongs in place of the columns above, where that is certain. */
  readonly correction?: string;
  /** Corrections elsewhere than in these columns. */
  readonly edits?: readonly Edit[];
}

/**
 * What no later rule may rely on any more: the cell, all cells of the line, or the whole file, which
 * ends the check. `nothing` where the value is certain, or where the place only stands for what is missing.
 */
export type Spoils = 'nothing' | 'cell' | 'row' | 'file';

/** A rule: what it finds, and all that documentation says of it. */
export interface Rule {
  readonly id: string;
  readonly severity: Severity;
  /** What it is about, in a few words. */
  readonly title: string;
  /** What the board or a tool does then, and where that is known from. */
  readonly why: string;
  /** A cell or row that breaks it. */
  readonly example: string;
  /** What to write instead. */
  readonly fix: string;
  /** True for rules that look into the files that the layout names. */
  readonly aboutFile?: boolean;
  /** What `--fix` does about it, where it does. */
  readonly correction?: string;
  /** The cell unless said otherwise. */
  readonly spoils?: Spoils;
  readonly check: (subject: Subject) => Iterable<Finding>;
}

/** A finding at a cell; at the start of the row's line when the cell is not there or spoilt. */
export function at(row: LayoutRow, field: Field, message: string, more: Partial<Finding> = {}): Finding {
  const { column, endColumn } = row.cells[field] ?? { column: 1, endColumn: 1 };
  return { line: row.line, column, endColumn, field, message, ...more };
}
