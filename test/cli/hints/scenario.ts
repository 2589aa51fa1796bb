import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { realClock } from '../../../src/base/clock.ts';
import { silentLog } from '../../../src/base/log.ts';
import type { Io } from '../../../src/cli/io.ts';
import { SimulatedBoard } from '../../../src/simulator/board.ts';
import { boardProfile } from '../../../src/simulator/profiles.ts';
import { serveBoards } from '../../../src/simulator/server.ts';
import { COMPUTER, machine } from '../../doctor/machine.ts';
import { makeFip, makeFsbl, makePattern } from '../../image/make.ts';
import { type Captured, cli, folderWith, rows } from '../harness.ts';

/** Provokes one failure as a user would meet it. */
export type Scenario = () => Promise<Captured>;

export const FSBL = '- 0x01 fsbl-boot Binary none 0x0 fsbl.stm32';
export const FIP = '- 0x03 fip-boot FIP none 0x0 fip.bin';
export const DATA = 'P 0x10 data Binary mmc0 0x4400 data.img';

export const FILES = {
  'layout.tsv': rows(FSBL, FIP, DATA),
  'fsbl.stm32': makeFsbl({ family: 'mp15' }),
  'fip.bin': makeFip(),
  'data.img': makePattern(300_000),
};

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** The same files with another layout, whose first rows are the boot files. */
export const layout = (...more: readonly string[]): Files => ({ ...FILES, 'layout.tsv': rows(FSBL, FIP, ...more) });

export const without = (name: keyof typeof FILES): Files =>
  Object.fromEntries(Object.entries(FILES).filter(([key]) => key !== name));

export interface Job {
  readonly files?: Files;
  readonly args?: readonly string[];
  readonly io?: (folder: string) => Partial<Io>;
  readonly board?: string;
}

/** A plain computer, so that advice does not depend on the machine that runs the tests. */
export const onComputer = (): Partial<Io> => ({ system: machine(COMPUTER) });
export const inVirtualMachine = (): Partial<Io> => ({
  system: machine({ ...COMPUTER, '/sys/class/dmi/id/sys_vendor': 'QEMU\n' }),
});

/** `flash` of a simulated board with that fault, '' for none. */
export function flashing(fault: string, { files = FILES, args = [], io, board }: Job = {}): Scenario {
  return async () => {
    const folder = folderWith(files);
    const bus = `sim:${board ?? 'stm32mp157c-dk2'}${fault === '' ? '' : `,fault=${fault}`}`;
    return cli(['flash', join(folder, 'layout.tsv'), '--bus', bus, ...args], { ...onComputer(), ...io?.(folder) });
  };
}

type TraceLine = Record<string, unknown>;

/** `flash` of a recorded trace after somebody changed it; `fault` as in `flashing`. */
export function replaying(edit: (lines: TraceLine[]) => readonly TraceLine[], job: Job & { fault?: string } = {}) {
  return async () => {
    const { files = FILES, fault = '', args = [], board = 'stm32mp157c-dk2' } = job;
    const folder = folderWith(files);
    const [path, trace] = [join(folder, 'layout.tsv'), join(folder, 'trace')];
    const bus = `sim:${board}${fault === '' ? '' : `,fault=${fault}`}`;
    await cli(['flash', path, '--bus', bus, '--trace', trace, '--window', '1']);
    const lines = readFileSync(trace, 'utf8').trimEnd().split('\n');
    const edited = edit(lines.map((line) => JSON.parse(line) as TraceLine));
    writeFileSync(trace, edited.map((line) => `${JSON.stringify(line)}\n`).join(''));
    return cli(['flash', path, '--bus', `trace:${trace}`, '--window', '1', ...args], onComputer());
  };
}

/** A change of the n-th line that fits; the lines behind it go, as the host goes another way from there. */
export function cutAt(fits: (line: TraceLine) => boolean, change: TraceLine, nth = 0) {
  return (lines: TraceLine[]): readonly TraceLine[] => {
    const at = lines.map((line, index) => (fits(line) ? index : -1)).filter((index) => index >= 0)[nth];
    if (at === undefined) throw new Error('the trace has no such line');
    return [...lines.slice(0, at), { ...lines[at], ...change }];
  };
}

/** Boards on a USB/IP server of this test's own. */
export async function serving(count: number) {
  const boards = Array.from(
    { length: count },
    (_, index) =>
      new SimulatedBoard({
        profile: boardProfile('stm32mp157c-dk2'),
        clock: realClock,
        serial: `00000000000000000000000${index}`,
        port: `1-${index + 1}`,
        settings: { resetToRomMs: 0 },
      }),
  );
  const server = await serveBoards({ boards, host: '127.0.0.1', port: 0, log: silentLog });
  onTestFinished(async () => {
    await server.close();
    for (const board of boards) board.close();
  });
  for (const board of boards) board.powerOn();
  await realClock.sleep(100);
  return { server, bus: `usbip://127.0.0.1:${server.port}` };
}

/** `flash` over that bus, in real time. */
export function flashOver(bus: string, io: Partial<Io> = onComputer()): Promise<Captured> {
  const folder = folderWith(FILES);
  return cli(['flash', join(folder, 'layout.tsv'), '--bus', bus], { ...io, clock: realClock });
}
