import { readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { realClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { SimulatedBoard } from '../../src/simulator/board.ts';
import { simulatedBus } from '../../src/simulator/bus.ts';
import { boardProfile } from '../../src/simulator/profiles.ts';
import type { UsbBus } from '../../src/usb/port.ts';
import { usbipBus } from '../../src/usb/usbip/bus.ts';
import { startSimulator } from '../suites/phaseline.ts';

const BOARD = 'stm32mp157c-dk2';

/** Measures with a board of this process, which takes no time of its own. */
export async function inProcess<T>(measure: (bus: UsbBus) => Promise<T>): Promise<T> {
  const board = new SimulatedBoard({ profile: boardProfile(BOARD), clock: realClock });
  board.powerOn();
  try {
    return await measure(simulatedBus([board], realClock));
  } finally {
    board.close();
  }
}

/** Measures with a board in a process of its own, over USB/IP. */
export async function overUsbip<T>(measure: (bus: UsbBus) => Promise<T>): Promise<T> {
  const simulator = await startSimulator([BOARD]);
  try {
    const { hostname, port } = new URL(simulator.bus);
    return await measure(usbipBus({ host: hostname, port: Number(port), clock: realClock, log: silentLog }));
  } finally {
    await simulator.stop();
  }
}

export interface Usage {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakRssMB: number;
}

/** Flashes the `layout.tsv` of a folder with the real command line as a process of its own, the board in another one. */
export async function commandLineUsage(folder: string): Promise<Usage> {
  const storage = join(folder, 'storage');
  const simulator = await startSimulator([BOARD, '--mmc0', '8G', '--storage', storage]);
  const measuredTo = join(folder, 'measured.json');
  const started = performance.now();
  const script = resolve(import.meta.dirname, 'measured-cli.mjs');
  const args = ['flash', join(folder, 'layout.tsv'), '--bus', simulator.bus, '--quiet'];
  await execa(process.execPath, [script, ...args], { env: { MEASURED_TO: measuredTo } });
  const seconds = (performance.now() - started) / 1000;
  await simulator.stop();
  rmSync(storage, { recursive: true });
  const { cpuSeconds, peakRssBytes } = JSON.parse(readFileSync(measuredTo, 'utf8'));
  return { seconds, cpuSeconds, peakRssMB: peakRssBytes / 1e6 };
}
