import { readFileSync } from 'node:fs';
import { FIELDS } from '../../src/layout/row.ts';
import { brokenText } from './fixture-files.ts';

/** A faultless layout with some cells or lines changed, and all that is to be found in it. */
export interface Variation {
  readonly base: string;
  readonly edits: string;
  readonly options: string;
  /** `error offset-syntax 5:26`, in the order of the file; infos only where they are what the line is about. */
  readonly findings: readonly string[];
}

/**
 * variations.tsv: the layout fixtures/broken/ok-BASE.tsv; edits joined by `; `: `5 offset=0x0` sets a cell,
 * `5 -` deletes a line, `5 = TEXT` puts a text in its place (\t, \n, \r, \0 and \uXXXX stand for what they
 * name); options of `phaseline check`; findings joined by commas.
 */
export function variations(): readonly Variation[] {
  return readFileSync(new URL('variations.tsv', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [base = '', edits = '', options = '', findings = ''] = line.split('\t');
      return { base, edits, options, findings: findings === '' ? [] : findings.split(', ') };
    });
}

export function variedText({ base, edits }: Pick<Variation, 'base' | 'edits'>): string {
  const lines: (string | null)[] = brokenText(`ok-${base}.tsv`).trimEnd().split('\n');
  for (const edit of edits === '' ? [] : edits.split('; ')) {
    const [, number = '', what = ''] = /^(\d+) (.*)$/.exec(edit) ?? [];
    const index = Number(number) - 1;
    const [, field = '', value = ''] = /^(\w+)=(.*)$/.exec(what) ?? [];
    if (what === '-') lines[index] = null;
    else if (what.startsWith('= ')) lines[index] = unescaped(what.slice(2));
    else lines[index] = withCell(lines[index] ?? '', field, unescaped(value));
  }
  return `${lines.filter((line) => line !== null).join('\n')}\n`;
}

function withCell(row: string, field: string, value: string): string {
  const cells = row.split('\t');
  const column = FIELDS.findIndex((name: string) => name === field);
  if (column < 0) throw new Error(`no column ${field}`);
  cells[column] = value;
  return cells.join('\t');
}

function unescaped(text: string): string {
  return text.replace(/\\(t|n|r|0|u[0-9a-f]{4})/g, (written) => JSON.parse(`"${written.replace('\\0', '\\u0000')}"`));
}
