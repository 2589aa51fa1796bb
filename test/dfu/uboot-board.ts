import type { Clock } from '../../src/base/clock.ts';
import { SimulatedBoard } from '../../src/simulator/board.ts';
import { parseFault } from '../../src/simulator/faults/parse.ts';
import { boardProfile } from '../../src/simulator/profiles.ts';
import { DfuHost } from '../simulator/dfu-host.ts';
import { bootToUboot, sendLayout } from '../simulator/flash.ts';

const AT_ONCE = { resetToRomMs: 1, romToTfaMs: 1, ddrInitMs: 1, tfaToUbootMs: 1, detachMs: 1, layoutMs: 1 } as const;

/** A board whose U-Boot has its layout and wants phase 0x10 on alternate 0; nobody has it open. */
export async function boardInUboot(clock: Clock, ...faults: readonly string[]): Promise<SimulatedBoard> {
  const board = new SimulatedBoard({
    profile: boardProfile('stm32mp157c-dk2'),
    clock,
    faults: faults.map(parseFault),
    settings: AT_ONCE,
  });
  const host = new DfuHost(board, clock);
  board.powerOn();
  await host.open();
  await bootToUboot({ board, host });
  await sendLayout({ board, host }, 'P\t0x10\tdata\tBinary\tmmc0\t0x80000\timage.bin\n');
  await host.bus.close();
  return board;
}
