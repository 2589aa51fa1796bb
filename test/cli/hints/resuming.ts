import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makePattern } from '../../image/make.ts';
import { cli, folderWith } from '../harness.ts';
import { FILES, layout, onComputer, type Scenario } from './scenario.ts';

const TWO_ROWS = {
  ...layout('P 0x10 data Binary mmc0 0x4400 data.img', 'P 0x11 more Binary mmc0 0x100000 more.img'),
  'more.img': makePattern(50_000),
};

/** `flash --resume` after a job that ended in its second partition, once `spoil` had its way. */
function resuming(spoil: (folder: string, journal: string) => void): Scenario {
  return async () => {
    const folder = folderWith(TWO_ROWS);
    const log = ['--log-file', join(folder, 'log')];
    const run = (fault: string, ...args: readonly string[]) =>
      cli(
        ['flash', join(folder, 'layout.tsv'), '--no-check', '--bus', `sim:stm32mp157c-dk2${fault}`, ...log, ...args],
        {
          ...onComputer(),
        },
      );
    await run(',fault=crash at phase 0x11 block 3');
    spoil(folder, join(folder, readdirSync(folder).find((name) => name.endsWith('.journal')) ?? ''));
    return run('', '--resume');
  };
}

export const otherFile: Scenario = resuming((folder) => writeFileSync(join(folder, 'data.img'), FILES['fip.bin']));

export const tornJournal: Scenario = resuming((_folder, journal) =>
  writeFileSync(journal, readFileSync(journal, 'utf8').slice(0, -1)),
);
