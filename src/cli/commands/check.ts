import { resolve } from 'node:path';
import type { Diagnostic } from '../../base/diagnostics.ts';
import { EXIT } from '../../base/error-codes.ts';
import { checkLayout } from '../../check/check-layout.ts';
import { FAMILIES } from '../../stm32/chips.ts';
import { defineCommand } from '../command.ts';
import { describeFiles, readLayout, searchPath } from '../layout-files.ts';
import { diagnosticLines, type Summary, summaryOf, summaryText } from '../render/diagnostics.ts';

export const checkCommand = defineCommand({
  usage: 'check <layout..>',
  summary: 'Validate layouts and their files; no hardware',
  example: ['$0 check layout.tsv --images build', 'findings with line and column; exit 3 if one is an error'],
  build: (yargs) =>
    yargs
      .positional('layout', { type: 'string', array: true, demandOption: true, describe: 'FlashLayout files (TSV)' })
      .option('images', { type: 'string', array: true, requiresArg: true, describe: 'Look for files here first' })
      .option('family', { choices: FAMILIES, describe: 'What the layout is for, if it does not tell' })
      .option('files', { type: 'boolean', default: true, describe: '--no-files: leave out what needs the named files' })
      .option('strict', { type: 'boolean', describe: 'Warnings count as errors' })
      .option('allow-outside', { type: 'boolean', describe: 'Take files from outside these folders' }),
  run: async ({ layout: paths, images, family, files, strict, allowOutside, json, quiet }, { io }) => {
    const checked: { readonly path: string; readonly diagnostics: readonly Diagnostic[] }[] = [];
    for (const path of paths) {
      const layout = await readLayout(resolve(io.cwd, path), path);
      const found = files
        ? await describeFiles(layout, searchPath(path, images ?? [], io.cwd, allowOutside ?? false))
        : undefined;
      const facts = found && new Map([...found].map(([name, file]) => [name, file.facts]));
      const diagnostics = checkLayout(layout, { ...(family && { family }), ...(facts && { files: facts }) });
      checked.push({ path, diagnostics });
      if (!json) for (const line of diagnosticLines(path, diagnostics)) io.stdout.write(`${line}\n`);
    }
    const summary = summaryOf(checked.flatMap(({ diagnostics }) => diagnostics));
    if (json) io.stdout.write(`${JSON.stringify({ files: checked.map(jsonFile), summary })}\n`);
    else if (!quiet) io.stdout.write(`${summaryText(summary, paths.length)}\n`);
    return failed(summary, strict ?? false) ? EXIT.layout : EXIT.ok;
  },
});

function failed({ errors, warnings }: Summary, strict: boolean): boolean {
  return errors > 0 || (strict && warnings > 0);
}

function jsonFile({ path, diagnostics }: { readonly path: string; readonly diagnostics: readonly Diagnostic[] }) {
  return { path, diagnostics: diagnostics.map(({ aboutFile: _, ...rest }) => rest) };
}
