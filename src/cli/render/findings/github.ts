import { printable } from '../../../base/printable.ts';
import type { CheckedFile, Reporter } from '../../check/checked-file.ts';
import { summaryOf, summaryText } from '../diagnostics.ts';

const COMMANDS = { error: 'error', warning: 'warning', info: 'notice' } as const;

/** `--format github`: workflow commands, which GitHub shows beside the lines of a pull request. */
export const githubReport: Reporter = ({ files }) => {
  const summary = summaryText(
    summaryOf(files.flatMap(({ diagnostics }) => diagnostics)),
    files.filter(({ likely }) => likely).length,
  );
  return `${[...files.flatMap(annotations), summary].join('\n')}\n`;
};

function annotations({ path, diagnostics }: CheckedFile): readonly string[] {
  return diagnostics.map(({ severity, ruleId, line, column, endColumn, message, help }) => {
    // An end is wanted behind the start, and is itself the last column.
    const place = `file=${property(path)},line=${line},col=${column},endColumn=${Math.max(column, endColumn - 1)}`;
    const text = help === undefined ? message : `${message} (${help})`;
    return `::${COMMANDS[severity]} ${place},title=${property(ruleId)}::${data(text)}`;
  });
}

function data(text: string): string {
  return printable(text).replaceAll('%', '%25');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
