import { applyEdits, type Edit, layoutText } from '../layout/edits.ts';
import { type Layout, parseLayout } from '../layout/parse.ts';
import { runRules, type Violation } from './run-rules.ts';
import type { CheckContext } from './subject.ts';

/** One correction can bring another rule's finding to light; each round ends at least one kind of them. */
const MOST_ROUNDS = 8;

/** What became of a layout's text. */
export interface Corrected {
  readonly text: string;
  /** The rules whose findings were corrected. */
  readonly ruleIds: readonly string[];
  /** Why nothing was touched at all. */
  readonly conflict?: string;
}

/**
 * Corrects what has only one right answer (the rules with a `correction`). Leaves a layout alone that holds
 * the marks of an unfinished merge, or where two corrections touch the same characters.
 */
export function correctLayout(layout: Layout, context: CheckContext = {}): Corrected {
  const original = layoutText(layout);
  const marker = layout.lines.find(({ text }) => /^(<{7}|={7}|>{7})( |$)/.test(text));
  if (marker) return untouched(original, `line ${marker.number} is the mark of an unfinished merge`);
  const ruleIds = new Set<string>();
  let current = layout;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const correctable = runRules(current, context).filter((violation) => editsOf(violation).length > 0);
    if (correctable.length === 0) break;
    const text = applyEdits(current, correctable.flatMap(editsOf));
    if (text === undefined) return untouched(original, 'two corrections touch the same characters');
    for (const { rule } of correctable) ruleIds.add(rule.id);
    current = parseLayout(text, layout.path);
  }
  return { text: layoutText(current), ruleIds: [...ruleIds] };
}

function untouched(text: string, conflict: string): Corrected {
  return { text, ruleIds: [], conflict };
}

function editsOf({ finding }: Violation): readonly Edit[] {
  const { line, column, endColumn, correction, edits = [] } = finding;
  return correction === undefined ? edits : [...edits, { line, column, endColumn, text: correction }];
}
