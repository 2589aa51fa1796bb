import { expect } from 'vitest';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { SimulatedBoard } from '../../src/simulator/board.ts';
import type { BoardSettings } from '../../src/simulator/hardware.ts';
import { boardProfile } from '../../src/simulator/profiles.ts';
import { DfuHost } from './dfu-host.ts';
import { ddrFip, fip, fsbl } from './images.ts';

export interface RunningBoard {
  readonly clock: VirtualClock;
  readonly board: SimulatedBoard;
  readonly host: DfuHost;
}

/** A board in its ROM, with its device open. */
export async function romOf(name: string, settings: Partial<BoardSettings> = {}): Promise<RunningBoard> {
  const clock = new VirtualClock();
  const board = new SimulatedBoard({ profile: boardProfile(name), clock, settings });
  const host = new DfuHost(board, clock);
  board.powerOn();
  await host.open();
  return { clock, board, host };
}

/** The board's TF-A, reached through its ROM. */
export async function tfaOf(name: string, settings: Partial<BoardSettings> = {}): Promise<RunningBoard> {
  const running = await romOf(name, settings);
  const { board, host } = running;
  const { family } = board.profile.chip;
  await host.send(family === 'mp15' ? 1 : 0, fsbl(family));
  if (family !== 'mp15') {
    await host.getStatus();
    await detachAndFollow(host);
  }
  await host.getState();
  expect(board.stage).toBe('tfa');
  return running;
}

/** The board's U-Boot, reached through ROM and TF-A. */
export async function ubootOf(name: string): Promise<RunningBoard> {
  const running = await tfaOf(name);
  const { board, host } = running;
  const { family } = board.profile.chip;
  const isMp1 = family === 'mp13' || family === 'mp15';
  const fipAlternate = { mp13: 0, mp15: 3 }[family as string] ?? 1;
  for (const [alternate, image] of [...(isMp1 ? [] : [[0, ddrFip] as const]), [fipAlternate, fip] as const]) {
    await host.send(alternate, image);
    await host.getStatus();
    await detachAndFollow(host);
  }
  expect(board.stage).toBe('uboot');
  return running;
}

export async function detachAndFollow(host: DfuHost): Promise<void> {
  expect(await host.detach()).toBe('ok');
  await host.bus.waitForChange(1_000);
  await host.open();
}
