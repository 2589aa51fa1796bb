/** Unchanged lines around a change. */
const CONTEXT = 3;

/**
 * What turns one text into another, as `patch` and `git apply` take it. The texts differ line by line: a
 * correction never adds or removes one.
 */
export function unifiedDiff(path: string, before: string, after: string): string {
  const [old, now] = [linesOf(before), linesOf(after)];
  const changed = old.flatMap((line, index) => (line === now[index] ? [] : [index]));
  const hunks: { start: number; end: number }[] = [];
  for (const index of changed) {
    const hunk = hunks.at(-1);
    if (hunk && index - CONTEXT <= hunk.end + CONTEXT) hunk.end = index;
    else hunks.push({ start: index, end: index });
  }
  const text = hunks.map(({ start, end }) => {
    const from = Math.max(0, start - CONTEXT);
    const count = Math.min(old.length, end + CONTEXT + 1) - from;
    const range = `${from + 1},${count}`;
    return `@@ -${range} +${range} @@\n${hunkLines(old.slice(from, from + count), now.slice(from, from + count))}`;
  });
  return text.length === 0 ? '' : `--- ${path}\n+++ ${path}\n${text.join('')}`;
}

function hunkLines(old: readonly string[], now: readonly string[]): string {
  let out = '';
  for (let at = 0; at < old.length; ) {
    if (old[at] === now[at]) {
      out += marked(' ', old[at++] as string);
      continue;
    }
    let end = at;
    while (end < old.length && old[end] !== now[end]) end += 1;
    out += old
      .slice(at, end)
      .map((line) => marked('-', line))
      .join('');
    out += now
      .slice(at, end)
      .map((line) => marked('+', line))
      .join('');
    at = end;
  }
  return out;
}

function marked(mark: string, line: string): string {
  return line.endsWith('\n') ? mark + line : `${mark}${line}\n\\ No newline at end of file\n`;
}

/** Each with what ends it. */
function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
