import { rulesDisabledBy } from '../../disable-comments.ts';
import { nearest } from '../../nearest.ts';
import { quote } from '../../quote.ts';
import type { Finding, Rule } from '../../rule.ts';

/** A file of nothing but such comments would be compared with every id for ever. */
const MOST = 100;

export const unknownRule: Rule = {
  id: 'unknown-rule',
  severity: 'warning',
  title: 'a rule that does not exist is switched off',
  why: 'What was meant stays on, or the comment has outlived its rule.',
  example: '# phaseline-disable-next-line ofset-syntax',
  fix: 'write the id of a rule; docs/lint-rules.md lists them',
  spoils: 'nothing',
  check: ({ layout, ruleIds }) => {
    const findings: Finding[] = [];
    for (const line of layout.lines) {
      const rules = rulesDisabledBy(line);
      const place = { line: line.number, column: 1, endColumn: line.text.length + 1 };
      if (rules?.length === 0) findings.push({ ...place, message: 'the comment names no rule' });
      for (const { id, ...columns } of rules ?? []) {
        if (!ruleIds.has(id)) findings.push(unknownRuleAt({ ...place, ...columns }, id, ruleIds));
        if (findings.length >= MOST) return findings;
      }
    }
    return findings;
  },
};

/** The finding for a word that is no rule's id, in a comment or in the configuration. */
export function unknownRuleAt(
  place: Pick<Finding, 'line' | 'column' | 'endColumn'>,
  id: string,
  ruleIds: ReadonlySet<string>,
): Finding {
  const near = nearest(id, ruleIds);
  return { ...place, message: `${quote(id)} is no rule`, ...(near && { help: `write ${near}` }) };
}
