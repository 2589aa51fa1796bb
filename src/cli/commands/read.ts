import '../small-heap.ts';
import type { ArgumentsCamelCase, Argv } from 'yargs';
import { addBoardOptions } from '../board-options.ts';
import { defineCommand } from '../command.ts';
import type { CommonOptions } from '../options.ts';
import { readJob } from '../read/read-job.ts';

function build(yargs: Argv<CommonOptions>) {
  return addBoardOptions(yargs)
    .positional('layout', {
      type: 'string',
      demandOption: true,
      describe: 'FlashLayout that the board was flashed with',
    })
    .positional('ids', { type: 'string', array: true, demandOption: true, describe: 'Partitions, by their ids' })
    .option('out', { type: 'string', requiresArg: true, demandOption: true, describe: 'Folder for the files' })
    .option('force', { type: 'boolean', describe: 'Replace files that are there already' });
}

export type ReadArguments = ArgumentsCamelCase<ReturnType<typeof build> extends Argv<infer T> ? T : never>;

export const readCommand = defineCommand({
  usage: 'read <layout> <ids..>',
  summary: 'Save partitions of a board to files',
  example: ['$0 read map.tsv 0x10 --out saved', 'saves it as saved/0x10-NAME.img'],
  build,
  run: readJob,
});
