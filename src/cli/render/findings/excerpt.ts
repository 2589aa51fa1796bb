import type { Diagnostic } from '../../../base/diagnostics.ts';
import { printable } from '../../../base/printable.ts';

/** Short enough for a whole row on a screen. */
const TAB = '  ';
/** Characters in front of the place that stay when a line is too long. */
const BEFORE = 24;

/** The line with a finding and the mark for the line below, both cut to `width`; nothing for a blank line. */
export function excerpt(
  line: string,
  { column, endColumn }: Pick<Diagnostic, 'column' | 'endColumn'>,
  width: number,
): { readonly text: string; readonly mark: string } | undefined {
  if (line.trim() === '') return undefined;
  const fits = line.length <= width && expanded(line.slice(0, endColumn - 1)).length <= width;
  // More than fits is never looked at: a line may be a MiB long.
  const cut = fits ? 0 : Math.max(0, column - 1 - BEFORE);
  const lead = cut > 0 ? '…' : '';
  const part = line.slice(cut, cut + width);
  const text = `${lead}${expanded(part)}`.slice(0, width);
  const start = lead.length + expanded(part.slice(0, column - 1 - cut)).length;
  const end = lead.length + expanded(part.slice(0, endColumn - 1 - cut)).length;
  const mark = '^'.repeat(Math.max(1, Math.min(end, width) - start));
  return { text: text.trimEnd(), mark: ' '.repeat(start) + mark };
}

function expanded(text: string): string {
  return printable(text.replaceAll('\t', TAB));
}
