import { PhaselineError } from '../../base/errors.ts';
import { nearest } from '../../check/nearest.ts';
import { RULES } from '../../check/registry.ts';
import type { Rule } from '../../check/rule.ts';
import { RULE_IDS } from '../../check/run-rules.ts';

/** A rule's section of docs/lint-rules.md; usage/arguments for an id that does not exist. */
export function explain(id: string): string {
  const rule = RULES.find((candidate) => candidate.id === id);
  if (rule) return ruleSection(rule);
  const near = nearest(id, RULE_IDS);
  const meant = near === undefined ? '' : `; there is ${near}`;
  throw new PhaselineError('usage/arguments', `--explain ${id}: there is no such rule${meant}`);
}

/** Everything there is to say of a rule, as Markdown that reads well as plain text. */
export function ruleSection({ id, severity, title, why, example, fix, aboutFile, correction }: Rule): string {
  return [
    `### ${id}`,
    '',
    `${severity}: ${title}`,
    '',
    why,
    '',
    `- breaks it: \`${example}\``,
    `- instead: ${fix}`,
    ...(correction === undefined ? [] : [`- \`--fix\` ${correction}`]),
    ...(aboutFile ? ['- looks into the named files: off with `--no-files`'] : []),
    '',
  ].join('\n');
}
