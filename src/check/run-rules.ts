import type { Severity } from '../base/diagnostics.ts';
import type { Layout } from '../layout/parse.ts';
import { disabledLines } from './disable-comments.ts';
import { SILENT } from './profiles.ts';
import { RULES } from './registry.ts';
import type { Finding, Rule, Spoils } from './rule.ts';
import { type CheckContext, spoil, subjectOf } from './subject.ts';

/** A rule, one place where it is broken, and how much that matters here. */
export interface Violation {
  readonly rule: Rule;
  readonly finding: Finding;
  readonly severity: Severity;
}

export const RULE_IDS: ReadonlySet<string> = new Set(RULES.map(({ id }) => id));

/**
 * Holds a layout against all rules, in their order: a cell with a finding is unknown to the rules that
 * follow, so that one mistake is told once. A rule that is switched off, for a line or altogether, is as if
 * it did not exist; only what ends the check cannot be switched off, for nothing behind it is looked at.
 */
export function runRules(layout: Layout, context: CheckContext): readonly Violation[] {
  const disabled = disabledLines(layout);
  const silent = SILENT[context.profile ?? 'uboot'];
  const violations: Violation[] = [];
  let subject = subjectOf(layout, context, RULE_IDS);
  for (const rule of RULES) {
    if (silent.has(rule.id)) continue;
    const found: Violation[] = [];
    for (const finding of rule.check(subject)) {
      const severity = severityOf(rule, finding, context, disabled);
      if (severity !== 'off') found.push({ rule, finding, severity });
    }
    if (found.length === 0) continue;
    for (const violation of found) violations.push(violation);
    if (found.some(({ finding }) => spoilsOf(rule, finding) === 'file')) break;
    const doubtful = found.filter(({ severity }) => isDoubt(severity, context)).map(({ finding }) => finding);
    subject = spoil(subject, spoilsOf(rule, {}), doubtful);
  }
  return violations;
}

function severityOf(
  rule: Rule,
  finding: Finding,
  { severities }: CheckContext,
  disabled: ReadonlyMap<number, ReadonlySet<string>>,
): Severity | 'off' {
  const own = finding.severity ?? rule.severity;
  if (spoilsOf(rule, finding) === 'file') return own;
  return disabled.get(finding.line)?.has(rule.id) ? 'off' : (severities?.get(rule.id) ?? own);
}

/** phaseline settles by itself what is only a warning, and no warning may hide an error from `flash`. */
function isDoubt(severity: Severity, { tool }: CheckContext): boolean {
  return tool !== 'phaseline' || severity === 'error';
}

function spoilsOf(rule: Rule, finding: Pick<Finding, 'spoils'>): Spoils {
  return finding.spoils ?? rule.spoils ?? 'cell';
}
