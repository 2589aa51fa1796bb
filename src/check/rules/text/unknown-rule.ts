import { rulesDisabledBy } from '../../disable-comments.ts';
import { nearest } from '../../nearest.ts';
import { quote } from '../../quote.ts';
import type { Finding, Rule } from '../../rule.ts';

export const unknownRule: Rule = {
  id: 'unknown-rule',
  severity: 'warning',
  title: 'a rule that does not exist is switched off',
  why: 'What was meant stays on, or the comment has outlived its rule.',
  example: '# phaseline-disable-next-line ofset-syntax',
  fix: 'write the id of a rule; docs/lint-rules.md lists them',
  spoils: 'nothing',
  check: ({ layout, ruleIds }) =>
    layout.lines.flatMap((line) => {
      const rules = rulesDisabledBy(line);
      if (rules?.length === 0) {
        return [
          { line: line.number, column: 1, endColumn: line.text.length + 1, message: 'the comment names no rule' },
        ];
      }
      return (rules ?? [])
        .filter(({ id }) => !ruleIds.has(id))
        .map(({ id, ...place }) => unknownRuleAt({ line: line.number, ...place }, id, ruleIds));
    }),
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
