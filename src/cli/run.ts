import yargs, { type Argv } from 'yargs';
import { EXIT } from '../base/error-codes.ts';
import { PhaselineError } from '../base/errors.ts';
import { printable } from '../base/printable.ts';
import type { Command, CommandContext } from './command.ts';
import { asFailure, failureText } from './failure.ts';
import type { Io } from './io.ts';
import { openLogFile } from './log-file.ts';
import { addCommonOptions, type CommonOptions, hideCommonOptions } from './options.ts';
import { refuseRepeated } from './repeated.ts';
import { VERSION } from './version.ts';

/** By name, in the order of the help. A command and what it stands on are loaded when they are wanted. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  flash: async () => (await import('./commands/flash.ts')).flashCommand,
  read: async () => (await import('./commands/read.ts')).readCommand,
  check: async () => (await import('./commands/check.ts')).checkCommand,
  list: async () => (await import('./commands/list.ts')).listCommand,
  inspect: async () => (await import('./commands/inspect.ts')).inspectCommand,
  layout: async () => (await import('./commands/layout.ts')).layoutCommand,
  simulate: async () => (await import('./commands/simulate.ts')).simulateCommand,
  trace: async () => (await import('./commands/trace.ts')).traceCommand,
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand,
  udev: async () => (await import('./commands/udev.ts')).udevCommand,
};

/** One run of `phaseline` with these arguments; resolves to the exit code and never rejects. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  try {
    const job = parse(argv, io, await commandsFor(argv));
    return job ? await job() : EXIT.ok;
  } catch (error) {
    const failure = asFailure(error);
    io.stderr.write(failureText(failure));
    return failure.exitCode;
  }
}

/** The commands that the words can mean: those that stand among them, or all when the help is to list them. */
function commandsFor(argv: readonly string[]): Promise<readonly Command[]> {
  const named = Object.keys(COMMANDS).filter((name) => argv.includes(name));
  const wanted = named.length > 0 || argv.includes('--version') ? named : Object.keys(COMMANDS);
  return Promise.all(wanted.map((name) => (COMMANDS[name] as () => Promise<Command>)()));
}

/** The chosen command, ready to run; undefined when help or the version was all that was wanted. */
function parse(argv: readonly string[], io: Io, commands: readonly Command[]): (() => Promise<number>) | undefined {
  let chosen: (() => Promise<number>) | undefined;
  const parser = withoutTypes(addCommonOptions(yargs([...argv])))
    .scriptName('phaseline')
    .usage('$0 <command>\n\nFlash STM32MP boards over USB from a FlashLayout.')
    .example('$0 flash layout.tsv --images build', 'flash the board that is there')
    .version(VERSION)
    .help()
    .alias('help', 'h')
    .wrap(Math.min(100, io.stdout.columns))
    .strict()
    .demandCommand(1, 'a command is missing')
    .exitProcess(false)
    .showHelpOnFail(false)
    .fail((message, error) => {
      if (error && error.name !== 'YError') throw error;
      throw new PhaselineError('usage/arguments', oneLine(message ?? error?.message ?? ''));
    });
  for (const command of commands) {
    parser.command(
      command.usage,
      command.summary,
      (sub) =>
        // The common options are those of the parser above; the cast only tells the types so.
        command.build(
          hideCommonOptions(sub as unknown as Argv<CommonOptions>)
            .usage(`$0 ${command.usage}\n\n${command.summary}`)
            .example(...command.example),
        ),
      (args) => {
        refuseRepeated(parser, args);
        chosen = () => withLog(io, args, (context) => command.run(args, context));
      },
    );
  }
  parser.parse([...argv], {}, (error, _args, output) => {
    if (error) throw error;
    if (output) io.stdout.write(`${output}\n`);
  });
  return chosen;
}

/** Help without `[boolean]` and the like, which would not fit a screen. @types/yargs does not know this call. */
function withoutTypes<T>(parser: Argv<T>): Argv<T> {
  const configurable = parser as Argv<T> & { usageConfiguration(settings: { 'hide-types': boolean }): Argv<T> };
  return configurable.usageConfiguration({ 'hide-types': true });
}

interface LogArguments {
  readonly logFile: string | undefined;
  readonly logLevel: string | undefined;
  readonly color: boolean | undefined;
}

async function withLog(
  io: Io,
  args: LogArguments,
  body: (context: CommandContext) => Promise<number>,
): Promise<number> {
  const file = await openLogFile(args.logFile, args.logLevel ?? 'info', (warning) =>
    io.stderr.write(`warning: ${printable(warning)}\n`),
  );
  const colour = args.color ?? (io.stdout.isTTY && !io.env.NO_COLOR);
  try {
    return await body({ io, log: file.log, colour });
  } catch (error) {
    const failure = asFailure(error);
    file.log.error({ code: failure.code, details: failure.details, stack: failure.stack }, failure.message);
    throw error;
  } finally {
    file.close();
  }
}

function oneLine(message: string): string {
  return message
    .trim()
    .replace(/\s*\n\s*/g, ' ')
    .replace(/[.:]$/, '');
}
