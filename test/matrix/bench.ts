import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Log, silentLog } from '../../src/base/log.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { SimulatedBoard } from '../../src/simulator/board.ts';
import { simulatedBus } from '../../src/simulator/bus.ts';
import { parseFault } from '../../src/simulator/faults/parse.ts';
import { fileStorage } from '../../src/simulator/storage/files.ts';
import type { UsbBus } from '../../src/usb/port.ts';
import type { Way } from './ways.ts';

/** A board of a way with its media as files, switched on, and its bus. */
export interface FileBench {
  readonly clock: VirtualClock;
  readonly board: SimulatedBoard;
  readonly bus: UsbBus;
  readonly folder: string;
  /** Switches it off and removes its files. */
  clear(): void;
}

export function fileBench(way: Way, faults: readonly string[], log: Log = silentLog): FileBench {
  const clock = new VirtualClock();
  const folder = mkdtempSync(join(tmpdir(), 'phaseline-matrix-'));
  const { profile, settings } = way;
  const storage = fileStorage(profile.storage, profile.chip.otpSize, folder);
  const board = new SimulatedBoard({ profile, settings, clock, storage, log, faults: faults.map(parseFault) });
  board.powerOn();
  return {
    clock,
    board,
    bus: simulatedBus([board], clock),
    folder,
    clear() {
      board.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
