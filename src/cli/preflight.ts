import { dirname, resolve } from 'node:path';
import { PhaselineError } from '../base/errors.ts';
import { checkLayout } from '../check/check-layout.ts';
import { unselectedRowPartialUpdate } from '../check/rules/opt/unselected-row-partial-update.ts';
import type { Layout } from '../layout/parse.ts';
import { configFinder } from './check/config.ts';
import type { CommandContext } from './command.ts';
import type { LayoutFile } from './layout-files.ts';
import { diagnosticLines, findingLine } from './render/diagnostics.ts';

export interface PreflightOptions {
  /** Errors alone are told. */
  readonly json: boolean;
  /** `--only`: that the other rows are not selected is what was asked for. */
  readonly partial: boolean;
}

/**
 * The rules of `phaseline check`, with the severities of phaseline.config.json, before the first byte is sent.
 * Findings go to stderr; errors end the job: layout/errors when one is about the text or its rows, else
 * files/errors; usage/config for a configuration that is none. Gives the warnings, a line each.
 */
export async function preflight(
  layout: Layout,
  files: ReadonlyMap<string, LayoutFile>,
  { io }: CommandContext,
  { json, partial }: PreflightOptions,
): Promise<readonly string[]> {
  const facts = new Map([...files].map(([name, file]) => [name, file.facts]));
  const config = await configFinder()(dirname(resolve(io.cwd, layout.path)));
  const severities = new Map(config?.severities);
  if (partial) severities.set(unselectedRowPartialUpdate.id, 'off');
  const diagnostics = checkLayout(layout, { files: facts, tool: 'phaseline', severities });
  const shown = json
    ? diagnostics.filter(({ severity }) => severity === 'error')
    : diagnostics.filter(({ severity }) => severity !== 'info');
  for (const line of diagnosticLines(layout.path, shown)) io.stderr.write(`${line}\n`);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const [first] = errors.filter(({ aboutFile }) => !aboutFile).concat(errors);
  const warnings = diagnostics.filter(({ severity }) => severity === 'warning');
  if (!first) return warnings.map((warning) => findingLine(layout.path, warning));
  const code = first.aboutFile ? 'files/errors' : 'layout/errors';
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const text = `${layout.path}:${first.line}:${first.column}: ${first.message}${more}`;
  throw new PhaselineError(code, text, { diagnostics: errors });
}
