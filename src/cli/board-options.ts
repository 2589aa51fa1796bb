import type { Argv } from 'yargs';
import { numberOption } from './number-option.ts';
import { addBusOption, type CommonOptions } from './options.ts';

/** Days are enough, and a timer holds 24 of them. */
const MOST_SECONDS = 1_000_000;

const seconds = (flag: string, least: number) =>
  numberOption(flag, { what: 'number of seconds', least, most: MOST_SECONDS });

/** The flags of commands that take one board from its ROM to U-Boot. */
export function addBoardOptions(yargs: Argv<CommonOptions>) {
  return addBusOption(yargs)
    .option('device', { type: 'string', requiresArg: true, describe: 'Which board: serial:… or port:1-2.3' })
    .option('images', { type: 'string', array: true, nargs: 1, describe: 'Look for the files here first' })
    .option('check', { type: 'boolean', default: true, describe: '--no-check: send whatever is there' })
    .option('layout-header', {
      choices: ['auto', 'on', 'off'] as const,
      default: 'auto' as const,
      hidden: true,
      describe: 'STM32 header in front of the layout',
    })
    .option('allow-outside', { type: 'boolean', hidden: true, describe: 'Take files from outside these folders' })
    .option('timeout', {
      ...seconds('--timeout', 1),
      describe: 'Seconds for the whole job',
    })
    .option('wait', {
      ...seconds('--wait', 0),
      default: 0,
      describe: 'Seconds to wait for a board',
    })
    .option('trace', { type: 'string', requiresArg: true, describe: 'Write every USB transfer to this file' });
}
