import '../small-heap.ts';
import type { ArgumentsCamelCase, Argv } from 'yargs';
import { DEFAULT_WINDOW, MOST_WINDOW } from '../../dfu/send-windowed.ts';
import { addBoardOptions } from '../board-options.ts';
import { defineCommand } from '../command.ts';
import { MOST_PATIENCE } from '../deadlines.ts';
import { flashJob } from '../flash-job.ts';
import { numberOption } from '../number-option.ts';
import type { CommonOptions } from '../options.ts';

const MOST_RETRIES = 20;

/** Its negation speaks of a cable that is out and in. */
const RESUME = 'Go on behind what is proven; --no-resume: not even over a pulled cable';

function build(yargs: Argv<CommonOptions>) {
  return addBoardOptions(yargs)
    .positional('layout', { type: 'string', demandOption: true, describe: 'FlashLayout (TSV)' })
    .option('only', {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'Ids to write; the board’s GPT must match',
    })
    .option('dry-run', { type: 'boolean', describe: 'Check, print the plan, touch no board' })
    .option('resume', { type: 'boolean', describe: RESUME })
    .option('retries', {
      ...numberOption('--retries', { what: 'number', least: 0, most: MOST_RETRIES, whole: true }),
      default: 0,
      describe: 'Start over so often after a failure of link or board',
    })
    .option('patience', {
      ...numberOption('--patience', { what: 'factor', least: 0.1, most: MOST_PATIENCE }),
      default: 1,
      hidden: true,
      describe: 'Makes waits longer',
    })
    .option('deadline', {
      type: 'string',
      array: true,
      nargs: 1,
      hidden: true,
      describe: 'One wait, NAME=SECONDS (docs/deadlines.md)',
    })
    .option('skip', { type: 'boolean', default: true, describe: '--no-skip: send the holes of images as zeros' })
    .option('bmap', {
      type: 'string',
      array: true,
      nargs: 1,
      describe: 'Block map of the image, or ID=FILE; none: look for none',
    })
    .option('yes', { type: 'boolean', alias: 'y', describe: 'Wipe whole devices without asking' })
    .option('verify', {
      choices: ['none', 'readback'] as const,
      default: 'none' as const,
      describe: 'none, or readback: read everything back and compare',
    })
    .option('window', {
      ...numberOption('--window', { what: 'number of blocks', least: 1, most: MOST_WINDOW, whole: true }),
      default: DEFAULT_WINDOW,
      hidden: true,
      describe: 'Blocks sent ahead of their answers; 1: none',
    })
    .option('report', { type: 'string', requiresArg: true, describe: 'Record of the job; --junit FILE: as JUnit XML' })
    .option('junit', { type: 'string', requiresArg: true, hidden: true });
}

export type FlashArguments = ArgumentsCamelCase<ReturnType<typeof build> extends Argv<infer T> ? T : never>;

export const flashCommand = defineCommand({
  usage: 'flash <layout>',
  summary: 'Flash one board, from its ROM to written storage',
  example: ['$0 flash map.tsv --images out', 'one board, files from ./out'],
  build,
  run: flashJob,
});
