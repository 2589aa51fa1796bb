import type { Diagnostic } from '../../base/diagnostics.ts';
import { printable } from '../printable.ts';

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

/** `layout.tsv:5:26: error offset-syntax: … (help)`: the form that editors and terminals make clickable. */
export function diagnosticLines(path: string, diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(({ line, column, severity, ruleId, message, help }) => {
    const advice = help === undefined ? '' : ` (${printable(help)})`;
    return `${printable(path)}:${line}:${column}: ${severity} ${ruleId}: ${printable(message)}${advice}`;
  });
}
