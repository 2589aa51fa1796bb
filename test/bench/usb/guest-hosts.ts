import { realClock } from '../../../src/base/clock.ts';
import { LATE, within } from '../../../src/base/deadline.ts';
import type { BoardStage, SimulatedBoard } from '../../../src/simulator/board.ts';
import { appeared, startPhaseline, type UsbBench } from '../../interop/usb-stack/bench.ts';
import type { CommandResult } from '../../vm/guest.ts';
import type { Plugboard } from '../../vm/plugboard.ts';

/** The slowest run takes well under a minute. */
const RUN_MS = 180_000;

/** A board that is plugged into the guest, in its ROM. */
export interface PluggedBoard {
  readonly board: SimulatedBoard;
  readonly plugs: Plugboard;
}

/** Brings a board from its ROM to the end of the partition, with the files of an STM32MP15. */
export type GuestHost = (bench: UsbBench, plugged: PluggedBoard) => Promise<void>;

export function phaselineWith(...flags: readonly string[]): GuestHost {
  return async (bench) => {
    const args = ['flash', 'mp15.tsv', '--json', '--yes', ...flags];
    insist(await startPhaseline(bench, args, { timeoutMs: RUN_MS }).result, '"ok":true');
  };
}

/** As DH electronics' documentation calls dfu-util (protocol.md §1.5). */
export const dfuUtil: GuestHost = async ({ guest, folder }, { board, plugs }) => {
  const call = (...args: readonly string[]) => guest.run(['dfu-util', ...args], { cwd: folder, timeoutMs: RUN_MS });
  const send = async (alternate: string, file: string) => insist(await call('-a', alternate, '-D', file), 'Done!');
  const detach = async (alternate: string) => {
    const next = appeared(board);
    await call('-a', alternate, '-e');
    await soon('the next enumeration', next);
    await plugs.settled();
  };
  const tfa = reached(board, 'tfa');
  await send('@FSBL /0x01/1*1Me', 'mp15.stm32');
  await soon('TF-A', tfa);
  await send('@Partition3 /0x03/1*16Me', 'fip.bin');
  await detach('@Partition3 /0x03/1*16Me');
  await send('@FlashLayout/0x00/1*256Ke', 'mp15.tsv');
  await detach('@FlashLayout/0x00/1*256Ke');
  await send('0', 'image.bin');
};

function reached(board: SimulatedBoard, stage: BoardStage): Promise<void> {
  return new Promise((resolve) => {
    const stop = board.onStage((now) => {
      if (now !== stage) return;
      stop();
      resolve();
    });
  });
}

async function soon(what: string, reached: Promise<void>): Promise<void> {
  if ((await within(realClock, RUN_MS, reached)) === LATE) throw new Error(`${what} did not come`);
}

function insist({ stdout, stderr }: CommandResult, done: string): void {
  if (!stdout.includes(done)) throw new Error(`the host did not say ${done}: ${stdout.slice(-500)} ${stderr}`);
}
