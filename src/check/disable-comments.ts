import type { LayoutLine } from '../layout/lines.ts';
import type { Layout } from '../layout/parse.ts';

/** A word in a comment that switches rules off. */
export interface DisabledRule {
  readonly id: string;
  readonly column: number;
  readonly endColumn: number;
}

const COMMENT = /^#\s*phaseline-disable-next-line(?!\S)/;

/**
 * The rules that a comment `# phaseline-disable-next-line RULE, RULE -- why` names; undefined for every
 * other line.
 */
export function rulesDisabledBy({ kind, text }: LayoutLine): readonly DisabledRule[] | undefined {
  const start = kind === 'comment' ? COMMENT.exec(text)?.[0].length : undefined;
  if (start === undefined) return undefined;
  const reason = text.search(/\s--(?!\S)/);
  const words = text.slice(start, reason < 0 ? text.length : Math.max(start, reason));
  return [...words.matchAll(/[^\s,]+/g)].map(({ 0: id, index }) => {
    const column = start + index + 1;
    return { id, column, endColumn: column + id.length };
  });
}

/** By line, the rules that are off there: those of the comments right in front of it. */
export function disabledLines({ lines }: Layout): ReadonlyMap<number, ReadonlySet<string>> {
  const disabled = new Map<number, ReadonlySet<string>>();
  let pending = new Set<string>();
  for (const line of lines) {
    const rules = rulesDisabledBy(line);
    for (const { id } of rules ?? []) pending.add(id);
    if (rules || pending.size === 0) continue;
    disabled.set(line.number, pending);
    pending = new Set();
  }
  return disabled;
}
