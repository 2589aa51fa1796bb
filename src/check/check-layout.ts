import type { Diagnostic } from '../base/diagnostics.ts';
import type { Layout } from '../layout/parse.ts';
import { RULES } from './registry.ts';
import type { Finding, Rule } from './rule.ts';
import { type CheckContext, spoil, subjectOf } from './subject.ts';

/**
 * Holds a layout against all rules, in their order: a cell with a finding is unknown to the rules that
 * follow, so that one mistake is told once. Returns the findings from top to bottom. Never throws for
 * what the layout or its files contain.
 */
export function checkLayout(layout: Layout, context: CheckContext = {}): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  let subject = subjectOf(layout, context);
  for (const rule of RULES) {
    const findings = [...rule.check(subject)];
    if (findings.length === 0) continue;
    diagnostics.push(...findings.map((finding) => diagnosticOf(rule, finding)));
    if (findings.some((finding) => spoilsOf(rule, finding) === 'file')) break;
    subject = spoil(
      subject,
      spoilsOf(rule, {}),
      findings.filter((finding) => isDoubt(rule, finding, context)),
    );
  }
  return diagnostics.sort((a, b) => a.line - b.line || a.column - b.column);
}

/** phaseline settles by itself what is only a warning, and no warning may hide an error from `flash`. */
function isDoubt(rule: Rule, finding: Finding, { tool }: CheckContext): boolean {
  return tool !== 'phaseline' || (finding.severity ?? rule.severity) === 'error';
}

function spoilsOf(rule: Rule, finding: Pick<Finding, 'spoils'>) {
  return finding.spoils ?? rule.spoils ?? 'cell';
}

function diagnosticOf(rule: Rule, finding: Finding): Diagnostic {
  return {
    ruleId: rule.id,
    severity: finding.severity ?? rule.severity,
    line: finding.line,
    column: finding.column,
    endColumn: finding.endColumn,
    message: finding.message,
    help: finding.help ?? rule.fix,
    aboutFile: rule.aboutFile ?? false,
  };
}
