import type { Argv } from 'yargs';

/** The flags that every command knows (house contract; README lists them). */
export function addCommonOptions<T>(yargs: Argv<T>) {
  return yargs
    .option('json', { type: 'boolean', describe: 'Machine output on stdout, and nothing else there' })
    .option('quiet', { type: 'boolean', describe: 'Only errors and the verdict' })
    .option('color', { type: 'boolean', describe: 'Colours; NO_COLOR and --no-color turn them off' })
    .option('log-file', { type: 'string', requiresArg: true, describe: 'Write a log (JSON lines) to this file' })
    .option('log-level', { choices: ['debug', 'info', 'warn', 'error'] as const, describe: 'What goes into it' });
}

/** Leaves them out of a command's own help, which would not fit a screen otherwise. */
export function hideCommonOptions<T>(yargs: Argv<T>): Argv<T> {
  const names = ['json', 'quiet', 'color', 'log-file', 'log-level', 'version'];
  return names
    .reduce((parser, name) => parser.hide(name), yargs)
    .showHidden('all', 'With --help: the rarer and the common options too');
}

/** The flag of commands that talk to boards. */
export function addBusOption<T>(yargs: Argv<T>) {
  return yargs.option('bus', {
    type: 'string',
    default: 'libusb',
    requiresArg: true,
    describe: 'libusb, usbip://HOST:PORT, sim:BOARD[,storage=DIR], trace:FILE',
  });
}

type OptionsOf<F> = F extends (yargs: Argv<unknown>) => Argv<infer T> ? T : never;
export type CommonOptions = OptionsOf<typeof addCommonOptions<unknown>>;
