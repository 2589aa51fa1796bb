import type { Diagnostic, Severity } from '../../../base/diagnostics.ts';
import { printable } from '../../../base/printable.ts';
import type { LikelyFamilies } from '../../../check/families.ts';
import type { CheckedFile, Reporter } from '../../check/checked-file.ts';
import { findingLine, summaryOf, summaryText } from '../diagnostics.ts';
import { excerpt } from './excerpt.ts';

interface TextOptions {
  readonly colour: boolean;
  readonly columns: number;
  /** Only errors and the verdict. */
  readonly quiet: boolean;
}

const COLOURS = { error: '31', warning: '33', info: '36', file: '1', faint: '2' } as const;

const FROM: Readonly<Record<NonNullable<LikelyFamilies['from']>, string>> = {
  option: 'as --family says',
  board: 'as --board says',
  'layout-name': 'by its name',
  'fsbl-name': 'by the name of its FSBL',
  'fsbl-header': 'by the header of its FSBL',
};

/** For people: grouped by file, each finding with its line and a mark under the place. */
export function textReporter({ colour, columns, quiet }: TextOptions): Reporter {
  const paint = (kind: keyof typeof COLOURS, text: string) =>
    colour ? `\u001b[${COLOURS[kind]}m${text}\u001b[0m` : text;

  const findingText = (file: CheckedFile, diagnostic: Diagnostic): readonly string[] => {
    const head = findingLine(file.path, diagnostic).replace(` ${diagnostic.severity} `, (word) =>
      paint(diagnostic.severity as Severity, word),
    );
    if (quiet) return [head];
    const source = excerpt(file.lineText(diagnostic.line) ?? '', diagnostic, columns - INDENT.length);
    const marked = source && [source.text, paint(diagnostic.severity, source.mark)];
    const help = diagnostic.help === undefined ? [] : [paint('faint', printable(diagnostic.help))];
    return [head, ...[...(marked ?? []), ...help].map((line) => INDENT + line)];
  };

  const fileText = (file: CheckedFile, isOnly: boolean): readonly string[] => {
    const shown = file.diagnostics.filter(({ severity }) => !quiet || severity === 'error');
    const lines = shown.flatMap((diagnostic) => findingText(file, diagnostic));
    if (quiet || !file.likely || (lines.length === 0 && !isOnly)) return lines;
    return [paint('file', `${printable(file.path)}: ${familyText(file.likely)}`), ...lines];
  };

  return ({ files }) => {
    const groups = files.map((file) => fileText(file, files.length === 1)).filter((lines) => lines.length > 0);
    const summary = summaryText(
      summaryOf(files.flatMap(({ diagnostics }) => diagnostics)),
      files.filter(({ likely }) => likely).length,
    );
    return [...groups.map((lines) => `${lines.join('\n')}\n`), `${summary}\n`].join(quiet ? '' : '\n');
  };
}

const INDENT = '    ';

function familyText({ families, from }: LikelyFamilies): string {
  return from === undefined ? 'for a family that nothing tells' : `for ${families.join(' or ')}, ${FROM[from]}`;
}
