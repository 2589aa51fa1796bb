import type { Diagnostic, Severity } from '../base/diagnostics.ts';
import { diagnosticOf } from './check-layout.ts';
import type { Finding } from './rule.ts';
import { unknownRule, unknownRuleAt } from './rules/text/unknown-rule.ts';
import { RULE_IDS } from './run-rules.ts';

type Named = Pick<Finding, 'line' | 'column' | 'endColumn'> & { readonly id: string };

/** The findings for the words in a configuration that are no rule's id. */
export function configDiagnostics(
  unknown: readonly Named[],
  severities: ReadonlyMap<string, Severity | 'off'>,
): readonly Diagnostic[] {
  const severity = severities.get(unknownRule.id) ?? unknownRule.severity;
  if (severity === 'off') return [];
  return unknown.map(({ id, ...place }) =>
    diagnosticOf({ rule: unknownRule, finding: unknownRuleAt(place, id, RULE_IDS), severity }),
  );
}
