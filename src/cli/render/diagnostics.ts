import type { Diagnostic } from '../../base/diagnostics.ts';
import { printable } from '../../base/printable.ts';

export interface Summary {
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
}

export function summaryOf(diagnostics: readonly Diagnostic[]): Summary {
  const count = (severity: Diagnostic['severity']) => diagnostics.filter((entry) => entry.severity === severity).length;
  return { errors: count('error'), warnings: count('warning'), infos: count('info') };
}

export function summaryText({ errors, warnings, infos }: Summary, files: number): string {
  const some = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;
  return `${some(files, 'layout')}: ${some(errors, 'error')}, ${some(warnings, 'warning')}, ${some(infos, 'info')}`;
}

/** `layout.tsv:5:26: error offset-syntax: …`: the form that editors and terminals make clickable. */
export function findingLine(path: string, { line, column, severity, ruleId, message }: Diagnostic): string {
  return `${printable(path)}:${line}:${column}: ${severity} ${ruleId}: ${printable(message)}`;
}

/** One line a finding, what to write instead in parentheses. */
export function diagnosticLines(path: string, diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map((diagnostic) => {
    const advice = diagnostic.help === undefined ? '' : ` (${printable(diagnostic.help)})`;
    return findingLine(path, diagnostic) + advice;
  });
}
