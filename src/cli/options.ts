import type { Argv } from 'yargs';

/** The flags that every command knows (house contract; README lists them). */
export function addCommonOptions<T>(yargs: Argv<T>) {
  return yargs
    .option('json', { type: 'boolean', default: false, describe: 'Machine output on stdout, and nothing else there' })
    .option('quiet', { type: 'boolean', default: false, describe: 'Only errors and the verdict' })
    .option('color', { type: 'boolean', describe: 'Colours; --no-color and NO_COLOR turn them off' })
    .option('log-level', {
      choices: ['debug', 'info', 'warn', 'error'] as const,
      default: 'info' as const,
      describe: 'What goes into the log file',
    })
    .option('log-file', { type: 'string', requiresArg: true, describe: 'Write a log (JSON lines) to this file' });
}

/** The flags of commands that talk to boards. */
export function addBusOptions<T>(yargs: Argv<T>) {
  return yargs
    .option('bus', {
      type: 'string',
      default: 'libusb',
      requiresArg: true,
      describe: 'libusb, usbip://HOST:PORT or sim:BOARD[,storage=DIR][,fault=SPEC]',
    })
    .option('device', { type: 'string', requiresArg: true, describe: 'serial:… or port:1-2.3' });
}

type OptionsOf<F> = F extends (yargs: Argv<unknown>) => Argv<infer T> ? T : never;
export type CommonOptions = OptionsOf<typeof addCommonOptions<unknown>>;
