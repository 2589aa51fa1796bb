import type { ArgumentsCamelCase, Argv } from 'yargs';
import { PROFILES } from '../../check/profiles.ts';
import { FAMILIES } from '../../stm32/chips.ts';
import { checkJob } from '../check/check-job.ts';
import { defineCommand } from '../command.ts';
import type { CommonOptions } from '../options.ts';

const FORMATS = ['text', 'json', 'sarif', 'github', 'junit'] as const;

function build(yargs: Argv<CommonOptions>) {
  return yargs
    .positional('layout', { type: 'string', array: true, describe: 'FlashLayouts (TSV), folders, patterns' })
    .option('images', { type: 'string', array: true, nargs: 1, describe: 'Look for the files here first' })
    .option('files', { type: 'boolean', default: true, describe: '--no-files: do not look into the named files' })
    .option('allow-outside', { type: 'boolean', describe: 'Take files from outside these folders' })
    .option('family', { choices: FAMILIES, describe: `${FAMILIES.join(', ')}; else inferred` })
    .option('board', { type: 'string', requiresArg: true, describe: 'One of ST’s boards: stm32mp157c-dk2' })
    .option('device-size', {
      type: 'string',
      array: true,
      nargs: 1,
      describe: 'How large a device is: mmc1=8G',
    })
    .option('erase-size', { type: 'string', array: true, nargs: 1, describe: 'Its erase size: mmc1=512K' })
    .option('profile', { choices: PROFILES, default: 'uboot' as const, describe: PROFILES.join(', ') })
    .option('tool', {
      choices: ['any', 'phaseline'] as const,
      default: 'any' as const,
      describe: 'any, or phaseline: who is to flash it',
    })
    .option('strict', { type: 'boolean', describe: 'Warnings fail too' })
    .option('format', { choices: FORMATS, describe: FORMATS.join(', ') })
    .option('fix', { type: 'boolean', describe: 'Show what can be corrected as a diff' })
    .option('write', { type: 'boolean', describe: 'With --fix: correct the files' })
    .option('explain', { type: 'string', requiresArg: true, describe: 'Tell all about a rule' });
}

export type CheckArguments = ArgumentsCamelCase<ReturnType<typeof build> extends Argv<infer T> ? T : never>;

export const checkCommand = defineCommand({
  usage: 'check [layout..]',
  summary: 'Validate layouts and their files; no hardware',
  example: ['$0 check layouts --no-files', 'every *.tsv below; exit 3 if one has an error'],
  build,
  run: checkJob,
});
