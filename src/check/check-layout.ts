import type { Diagnostic } from '../base/diagnostics.ts';
import type { Layout } from '../layout/parse.ts';
import { runRules, type Violation } from './run-rules.ts';
import type { CheckContext } from './subject.ts';

/**
 * What the rules find in a layout, from top to bottom; one mistake is told once. Never throws for what the
 * layout or its files contain.
 */
export function checkLayout(layout: Layout, context: CheckContext = {}): readonly Diagnostic[] {
  return runRules(layout, context)
    .map(diagnosticOf)
    .sort((a, b) => a.line - b.line || a.column - b.column);
}

export function diagnosticOf({ rule, finding, severity }: Violation): Diagnostic {
  return {
    ruleId: rule.id,
    severity,
    line: finding.line,
    column: finding.column,
    endColumn: finding.endColumn,
    message: finding.message,
    help: finding.help ?? rule.fix,
    aboutFile: rule.aboutFile ?? false,
  };
}
