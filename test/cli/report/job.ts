import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Io } from '../../../src/cli/io.ts';
import type { Report } from '../../../src/flash/report.ts';
import { makeFip, makeFsbl, makePattern } from '../../image/make.ts';
import { type Captured, cli, folderWith, rows } from '../harness.ts';

export const FILES = {
  'layout.tsv': rows(
    '- 0x01 fsbl-boot Binary none 0x0 fsbl.stm32',
    '- 0x03 fip-boot FIP none 0x0 fip.bin',
    'P 0x10 data Binary mmc0 0x4400 data.img',
    'P 0x11 more Binary mmc0 0x104400 more.img',
  ),
  'fsbl.stm32': makeFsbl({ family: 'mp15' }),
  'fip.bin': makeFip(),
  'data.img': makePattern(300_000, 1),
  'more.img': makePattern(200_000, 2),
};

export interface Recorded extends Captured {
  readonly folder: string;
  report(): Report;
  junit(): string;
}

export interface Job {
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Behind `sim:stm32mp157c-dk2`. */
  readonly sim?: string;
  readonly args?: readonly string[];
  readonly io?: Partial<Io>;
}

/** Flashes a simulated board with `--report` and `--junit`, in a folder of its own. */
export async function recorded({ files = FILES, sim = '', args = [], io = {} }: Job = {}): Promise<Recorded> {
  const folder = folderWith(files);
  const [report, junit] = [join(folder, 'report.json'), join(folder, 'junit.xml')];
  const words = ['flash', join(folder, 'layout.tsv'), '--bus', `sim:stm32mp157c-dk2${sim}`, '--json'];
  const captured = await cli([...words, '--report', report, '--junit', junit, ...args], io);
  return {
    ...captured,
    folder,
    report: () => JSON.parse(readFileSync(report, 'utf8')) as Report,
    junit: () => readFileSync(junit, 'utf8'),
  };
}
