export type Severity = 'error' | 'warning' | 'info';

/** One finding about a place in a text file. Lines and columns count from 1; columns count UTF-16 units. */
export interface Diagnostic {
  readonly ruleId: string;
  readonly severity: Severity;
  readonly line: number;
  readonly column: number;
  /** First column after the finding. */
  readonly endColumn: number;
  /** One line: what is wrong, with the value. */
  readonly message: string;
  /** What to write instead, or why it matters; one line. */
  readonly help?: string;
  /** True for a finding about a file that the layout names, false for one about the text itself. */
  readonly aboutFile: boolean;
}
