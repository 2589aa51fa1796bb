import { parseLayout } from '../layout/parse.ts';
import { FIELDS } from '../layout/row.ts';

/** The seven words of a line with TABs in place of the blanks between them; nothing unless each of them can be read in its column. */
export function retabbed(text: string): { readonly correction?: string } {
  const correction = text.trim().replace(/[ \t]+/g, (blanks) => blanks.replaceAll(' ', '') || '\t');
  if (correction.split(/\t+/).length !== FIELDS.length) return {};
  const row = parseLayout(correction).rows[0];
  return row && FIELDS.every((field) => row[field] !== undefined) ? { correction } : {};
}
