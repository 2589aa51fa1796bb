import { EXIT } from '../../base/error-codes.ts';
import { PhaselineError } from '../../base/errors.ts';
import { printable } from '../../base/printable.ts';
import type { CheckContext } from '../../check/subject.ts';
import type { CommandContext } from '../command.ts';
import type { CheckArguments } from '../commands/check.ts';
import { summaryOf } from '../render/diagnostics.ts';
import { boardNamed } from './board-named.ts';
import { checkedConfig, checkedLayout, type PreparedLayout, prepareLayouts } from './check-files.ts';
import type { CheckReport, Reporter } from './checked-file.ts';
import { deviceFacts } from './device-facts.ts';
import { findLayouts } from './find-layouts.ts';

/** `phaseline check`: 0 when nothing is wrong, 3 when something is. Errors: usage/arguments, usage/config. */
export async function checkJob(args: CheckArguments, { io, colour }: CommandContext): Promise<number> {
  if (args.explain !== undefined) {
    const { explain } = await import('./explain.ts');
    io.stdout.write(explain(args.explain));
    return EXIT.ok;
  }
  const format = formatOf(args);
  const { layouts: given, configs } = await prepareLayouts(await layoutsNamed(args, io.cwd), {
    cwd: io.cwd,
    images: args.images ?? [],
    allowOutside: args.allowOutside ?? false,
    files: args.files,
    context: contextOf(args),
    ...(args.quiet ? {} : { notice: (text) => io.stderr.write(`${printable(text)}\n`) }),
  });
  const layouts = args.fix ? await fixAll(given, args, io) : given;
  const report: CheckReport = {
    files: [...configs.map((config) => checkedConfig(config, io.cwd)), ...layouts.map(checkedLayout)].filter(
      ({ likely, diagnostics }) => likely !== undefined || diagnostics.length > 0,
    ),
    strict: args.strict ?? false,
  };
  const onlyDiff = args.fix && !args.write;
  const out = onlyDiff ? io.stderr : io.stdout;
  const reporter = await reporterFor(format, colour, out.columns, args.quiet ?? false);
  out.write(reporter(report));
  const { errors, warnings } = summaryOf(report.files.flatMap(({ diagnostics }) => diagnostics));
  return errors > 0 || (report.strict && warnings > 0) ? EXIT.layout : EXIT.ok;
}

async function layoutsNamed({ layout: names = [] }: CheckArguments, cwd: string): Promise<readonly string[]> {
  if (names.length === 0) throw new PhaselineError('usage/arguments', 'a layout, folder or pattern is missing');
  return findLayouts(names, cwd);
}

function formatOf({ json, format, fix, write }: CheckArguments): CheckArguments['format'] {
  if (json && format !== undefined && format !== 'json') {
    throw new PhaselineError('usage/arguments', `--json and --format ${format} exclude each other`);
  }
  if (write && !fix) throw new PhaselineError('usage/arguments', '--write says nothing without --fix');
  const chosen = json ? 'json' : format;
  if (fix && !write && chosen !== undefined && chosen !== 'text') {
    throw new PhaselineError('usage/arguments', `--fix prints a diff, not ${chosen}, unless --write is given`);
  }
  return chosen;
}

function contextOf(args: CheckArguments): CheckContext {
  const board = boardNamed(args.board);
  return {
    tool: args.tool,
    profile: args.profile,
    devices: deviceFacts(args.deviceSize ?? [], args.eraseSize ?? []),
    ...(args.family && { family: args.family }),
    ...(board && { board }),
  };
}

/** Only the one that is wanted is loaded: most of the time of a short check is spent on loading. */
async function reporterFor(
  format: CheckArguments['format'],
  colour: boolean,
  columns: number,
  quiet: boolean,
): Promise<Reporter> {
  switch (format) {
    case 'json':
      return (await import('../render/findings/json.ts')).jsonReport;
    case 'sarif':
      return (await import('../render/findings/sarif.ts')).sarifReport;
    case 'github':
      return (await import('../render/findings/github.ts')).githubReport;
    case 'junit':
      return (await import('../render/findings/junit.ts')).junitReport;
    default:
      return (await import('../render/findings/text.ts')).textReporter({ colour, columns, quiet });
  }
}

/** The layouts as they are on disk then; the diff goes to stdout unless the files were written. */
async function fixAll(
  layouts: readonly PreparedLayout[],
  { write = false }: CheckArguments,
  io: CommandContext['io'],
): Promise<readonly PreparedLayout[]> {
  const { fixLayout } = await import('./fix.ts');
  const fixed: PreparedLayout[] = [];
  for (const prepared of layouts) {
    const { layout, diff, ruleIds, conflict } = await fixLayout(prepared, io.cwd, write);
    fixed.push(layout);
    const path = printable(prepared.path);
    if (conflict !== undefined) io.stderr.write(`${path} is left as it is: ${conflict}\n`);
    if (!write) io.stdout.write(diff);
    else if (diff !== '') io.stderr.write(`${path} is corrected: ${ruleIds.join(', ')}\n`);
  }
  return fixed;
}
