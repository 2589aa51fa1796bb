import { expect } from 'vitest';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { type BoardOptions, SimulatedBoard } from '../../src/simulator/board.ts';
import { parseFault } from '../../src/simulator/faults/parse.ts';
import type { BoardSettings } from '../../src/simulator/hardware.ts';
import { boardProfile } from '../../src/simulator/profiles.ts';
import { DfuHost } from './dfu-host.ts';
import { ddrFip, fip, fsbl } from './images.ts';

const LAYOUT_BLOCK = 4096;

export interface Bench {
  readonly clock: VirtualClock;
  readonly board: SimulatedBoard;
  readonly host: DfuHost;
}

/** What it takes to bring a board on. */
export type BootBench = Pick<Bench, 'board' | 'host'>;

/** A board that is switched on, and a host beside it. */
export async function bench(
  name: string,
  options: Partial<Omit<BoardOptions, 'profile' | 'clock' | 'faults'>> & { readonly faults?: readonly string[] } = {},
): Promise<Bench> {
  const clock = new VirtualClock();
  const { faults = [], ...rest } = options;
  const board = new SimulatedBoard({ profile: boardProfile(name), clock, faults: faults.map(parseFault), ...rest });
  const host = new DfuHost(board, clock);
  board.powerOn();
  await host.open();
  return { clock, board, host };
}

/** DETACH, and the next appearance. */
export async function follow({ host }: Pick<Bench, 'host'>): Promise<void> {
  expect(await host.detach()).toBe('ok');
  await host.bus.waitForChange(1_000);
  await host.open();
}

/** ROM: the board is in TF-A then. */
async function bootToTfa(at: BootBench): Promise<void> {
  const { host, board } = at;
  const { family } = board.profile.chip;
  const isMp15 = family === 'mp15';
  await host.send(isMp15 ? 1 : 0, fsbl(family));
  if (!isMp15) {
    await host.getStatus();
    await follow(at);
  }
  await host.getState();
  expect(board.stage).toBe('tfa');
}

/** A board in its TF-A. */
export async function tfaBench(name: string, settings: Partial<BoardSettings> = {}): Promise<Bench> {
  const at = await bench(name, { settings });
  await bootToTfa(at);
  return at;
}

/** ROM and TF-A: the board is in U-Boot's first enumeration then. */
export async function bootToUboot(at: BootBench): Promise<void> {
  const { host, board } = at;
  const { family } = board.profile.chip;
  const isMp15 = family === 'mp15';
  await bootToTfa(at);
  if (!isMp15 && family !== 'mp13') {
    await host.send(0, ddrFip);
    await host.getStatus();
    await follow(at);
  }
  await host.send(isMp15 ? 3 : family === 'mp13' ? 0 : 1, fip);
  await host.getStatus();
  await follow(at);
}

/** U-Boot's first enumeration: sends the layout, and waits for the second one. */
export async function sendLayout(at: BootBench, rows: string): Promise<void> {
  await at.host.send(0, new TextEncoder().encode(rows), LAYOUT_BLOCK);
  await at.host.getStatus();
  await follow(at);
}

export async function sendImage({ host }: Bench, alternate: number, image: Uint8Array): Promise<string> {
  await host.send(alternate, image, LAYOUT_BLOCK);
  return host.getStatus();
}
