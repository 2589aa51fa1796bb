import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { realClock } from '../../../src/base/clock.ts';
import { type BoardStage, SimulatedBoard } from '../../../src/simulator/board.ts';
import type { BusSocket } from '../../../src/simulator/bus-addresses.ts';
import { parseFault } from '../../../src/simulator/faults/parse.ts';
import type { BoardSettings } from '../../../src/simulator/hardware.ts';
import { boardProfile } from '../../../src/simulator/profiles.ts';
import { makeDdrFip, makeFip, makeFsbl, makePattern, makeSsbl } from '../../image/make.ts';
import type { CommandResult, Guest, RunningCommand, RunOptions } from '../../vm/guest.ts';
import { type Plugboard, plugIn } from '../../vm/plugboard.ts';

const PHASELINE = resolve(import.meta.dirname, '../../../bin/phaseline.js');
const KIB = 1024;

/** Small: an emulated processor carries some 1 MB/s. */
export const IMAGE = makePattern(200 * KIB + 100, 9);

/** Where the layouts put IMAGE on the first card. */
export const IMAGE_OFFSET = 0x80000;

const FSBL_ROW = '- 0x01 fsbl-boot Binary none 0x0';
const FIP_ROW = '- 0x03 fip-boot FIP none 0x0 fip.bin';
const IMAGE_ROW = 'P 0x10 data Binary mmc0 0x80000 image.bin';

/** By layout, its rows. */
const LAYOUTS = {
  'mp15.tsv': [`${FSBL_ROW} mp15.stm32`, FIP_ROW, IMAGE_ROW],
  'mp15-legacy.tsv': [
    `${FSBL_ROW} mp15.stm32`,
    '- 0x03 ssbl-boot Binary none 0x0 u-boot.stm32',
    'P 0x10 sdcard RawImage mmc0 0x0 image.bin',
  ],
  'mp13.tsv': [`${FSBL_ROW} mp13.stm32`, FIP_ROW, IMAGE_ROW],
  'mp25.tsv': [`${FSBL_ROW} mp25.stm32`, '- 0x02 fip-ddr FIP none 0x0 fip-ddr.bin', FIP_ROW, IMAGE_ROW],
} as const;

export type LayoutName = keyof typeof LAYOUTS;

/** A folder with the layouts and their files, which everybody may read. */
export function makeImages(): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'phaseline-usb-'));
  chmodSync(folder, 0o755);
  const put = (name: string, content: Uint8Array | string) => writeFileSync(join(folder, name), content);
  for (const family of ['mp13', 'mp15', 'mp25'] as const) {
    put(`${family}.stm32`, makeFsbl({ family, payloadBytes: 24 * KIB }));
  }
  put('fip.bin', makeFip());
  put('fip-ddr.bin', makeDdrFip());
  put('u-boot.stm32', makeSsbl());
  put('image.bin', IMAGE);
  for (const [name, rows] of Object.entries(LAYOUTS)) {
    put(name, `${['#Opt Id Name Type IP Offset Binary', ...rows].join('\n').replaceAll(' ', '\t')}\n`);
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** What the suites share: one guest, one folder of images. */
export interface UsbBench {
  readonly guest: Guest;
  readonly folder: string;
}

export interface BoardOptions {
  readonly port?: string;
  readonly serial?: string;
  readonly faults?: readonly string[];
  readonly settings?: Partial<BoardSettings>;
}

/** A board that is still off. */
export function makeBoard(name: string, { port = '1-1', serial, faults = [], settings = {} }: BoardOptions = {}) {
  return new SimulatedBoard({
    profile: boardProfile(name),
    clock: realClock,
    port,
    faults: faults.map(parseFault),
    settings,
    ...(serial === undefined ? {} : { serial }),
  });
}

/** Resolves when the board is on the bus. */
export function appeared(board: SimulatedBoard): Promise<void> {
  return new Promise((resolve) => {
    const stop = board.connector.onChange(() => {
      if (!board.connector.visible) return;
      stop();
      resolve();
    });
  });
}

/** Resolves when the board has come to that stage. */
export function reached(board: SimulatedBoard, stage: BoardStage): Promise<void> {
  return new Promise((resolve) => {
    const stop = board.onStage((now) => {
      if (now !== stage) return;
      stop();
      resolve();
    });
  });
}

const plugged = new Set<{ close(): Promise<void> }>();

/** Plugs in boards and other devices, boards switched on, and waits until the guest knows them. */
export async function plugInAll(
  guest: Guest,
  boards: readonly SimulatedBoard[],
  others: readonly BusSocket[] = [],
): Promise<Plugboard> {
  const plugs = await plugIn(guest, [...boards, ...others]);
  plugged.add({
    async close() {
      for (const board of boards) board.close();
      await plugs.close();
    },
  });
  const there = boards.map(appeared);
  for (const board of boards) board.powerOn();
  await Promise.all(there);
  await plugs.settled();
  return plugs;
}

/** Switches everything off and takes it out of the guest. */
export async function pullAll(): Promise<void> {
  for (const plugs of plugged) {
    plugged.delete(plugs);
    await plugs.close();
  }
}

/** What has landed on the first card. */
export function landed(board: SimulatedBoard, offset: number): Uint8Array {
  const bytes = board.storage.mmc.get(0)?.read(0, offset, IMAGE.length);
  if (!bytes) throw new Error('the board has no first card');
  return bytes;
}

export function startPhaseline(
  { guest, folder }: UsbBench,
  args: readonly string[],
  options: RunOptions = {},
): RunningCommand {
  return guest.start([process.execPath, PHASELINE, ...args], { cwd: folder, ...options });
}

export function phaseline(bench: UsbBench, args: readonly string[], options: RunOptions = {}): Promise<CommandResult> {
  return startPhaseline(bench, args, options).result;
}

/** The last event of `flash --json`, and the others before it. */
export function eventsOf({ stdout }: CommandResult) {
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { events, result: events.at(-1) ?? {} };
}
