import type { ArgumentsCamelCase, Argv } from 'yargs';
import { defineCommand } from '../command.ts';
import { layoutJob } from '../layout/layout-job.ts';
import type { CommonOptions } from '../options.ts';

function build(yargs: Argv<CommonOptions>) {
  return yargs
    .positional('verb', {
      choices: ['print', 'diff', 'map'] as const,
      demandOption: true,
      describe: 'Canonical form, differences by phase, or what lies where',
    })
    .positional('file', { type: 'string', array: true, demandOption: true, describe: 'One layout; for diff, two' })
    .option('images', { type: 'string', array: true, nargs: 1, describe: 'map: look for files here first' })
    .option('allow-outside', { type: 'boolean', describe: 'map: take files from outside these folders' })
    .option('board', { type: 'string', requiresArg: true, describe: 'map: one of ST’s boards: stm32mp157c-dk2' })
    .option('device-size', { type: 'string', array: true, nargs: 1, describe: 'map: mmc1=8G' })
    .option('erase-size', { type: 'string', array: true, nargs: 1, describe: 'map: mmc1=512K' });
}

export type LayoutArguments = ArgumentsCamelCase<ReturnType<typeof build> extends Argv<infer T> ? T : never>;

export const layoutCommand = defineCommand({
  usage: 'layout <verb> <file..>',
  summary: 'Print, compare or picture layouts',
  example: ['$0 layout map layout.tsv --device-size mmc0=8G', 'partitions, gaps, and how full they get'],
  build,
  run: layoutJob,
});
