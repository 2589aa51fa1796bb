import type { Argv } from 'yargs';

/** The flags that every command knows (house contract; README lists them). */
export function addCommonOptions<T>(yargs: Argv<T>) {
  return yargs
    .option('json', { type: 'boolean', describe: 'Machine output on stdout, and nothing else there' })
    .option('quiet', { type: 'boolean', describe: 'Only errors and the verdict' })
    .option('color', { type: 'boolean', describe: 'Colours; NO_COLOR and --no-color turn them off' })
    .option('log-file', { type: 'string', requiresArg: true, describe: 'Write a log (JSON lines) to this file' })
    .option('log-level', { choices: ['debug', 'info', 'warn', 'error'] as const, describe: 'What goes into it' })
    .group(['json', 'quiet', 'color', 'log-file', 'log-level', 'help', 'version'], 'Common:');
}

/** The flags of commands that talk to boards. */
export function addBusOptions<T>(yargs: Argv<T>) {
  return yargs
    .option('bus', {
      type: 'string',
      default: 'libusb',
      requiresArg: true,
      describe: 'usbip://HOST:PORT, sim:BOARD[,storage=DIR][,fault=SPEC] or',
    })
    .option('device', { type: 'string', requiresArg: true, describe: 'Which board: serial:… or port:1-2.3' });
}

type OptionsOf<F> = F extends (yargs: Argv<unknown>) => Argv<infer T> ? T : never;
export type CommonOptions = OptionsOf<typeof addCommonOptions<unknown>>;
