import { parseLayout } from '../layout/parse.ts';
import { FIELDS } from '../layout/row.ts';

/** The seven words of a line with TABs between them; nothing unless each of them can be read in its column. */
export function retabbed(text: string): { readonly correction?: string } {
  const words = text.trim().split(/[ \t]+/);
  if (words.length !== FIELDS.length) return {};
  const correction = words.join('\t');
  const row = parseLayout(correction).rows[0];
  return row && FIELDS.every((field) => row[field] !== undefined) ? { correction } : {};
}
