import { memoryBytes } from '../../../src/base/bytes.ts';
import { realClock } from '../../../src/base/clock.ts';
import { silentLog } from '../../../src/base/log.ts';
import { DEFAULT_WINDOW } from '../../../src/dfu/send-windowed.ts';
import { DEADLINES } from '../../../src/flash/deadlines.ts';
import { flashBoard } from '../../../src/flash/flash-board.ts';
import { makePlan } from '../../../src/flash/plan.ts';
import { parseLayout } from '../../../src/layout/parse.ts';
import { REAL_SPEED } from '../../../src/simulator/settings.ts';
import { usbipBus } from '../../../src/usb/usbip/bus.ts';
import { makeFip, makeFsbl, makePattern } from '../../image/make.ts';
import { startSimulator } from '../../suites/phaseline.ts';

const IMAGE_BYTES = 32 * 2 ** 20;
const BLOCK_BYTES = 4096;
const BLOCK_MS = REAL_SPEED.blockMs ?? 0;
const LAYOUT = [
  '-\t0x01\tfsbl-boot\tBinary\tnone\t0x0\tfsbl.stm32',
  '-\t0x03\tfip-boot\tFIP\tnone\t0x0\tfip.bin',
  'P\t0x10\tdata\tBinary\tmmc0\t0x80000\timage.bin\n',
].join('\n');

export interface LoopbackRow {
  readonly host: string;
  readonly blockMs: number;
  readonly seconds: number;
  readonly ratioToFloor: number;
  /** Of this process; the board is another one. */
  readonly cpuSecondsPerGiB: number;
}

/** Flashes a board as slow as a real one over USB/IP on this machine, one by one and with the default window. */
export async function overLoopback(): Promise<readonly LoopbackRow[]> {
  const oneByOne = await flashOnce('phaseline --window 1', 1);
  return [oneByOne, await flashOnce('phaseline', DEFAULT_WINDOW)];
}

async function flashOnce(host: string, window: number): Promise<LoopbackRow> {
  const images = new Map([
    ['fsbl.stm32', memoryBytes(makeFsbl({ family: 'mp15' }))],
    ['fip.bin', memoryBytes(makeFip())],
    ['image.bin', memoryBytes(makePattern(IMAGE_BYTES))],
  ]);
  const simulator = await startSimulator(['stm32mp157c-dk2', '--speed', 'real']);
  const { hostname, port } = new URL(simulator.bus);
  const bus = usbipBus({ host: hostname, port: Number(port), clock: realClock, log: silentLog });
  let cpu = process.cpuUsage();
  let row: LoopbackRow | undefined;
  try {
    const result = await flashBoard({
      bus,
      clock: realClock,
      log: silentLog,
      plan: makePlan({ layout: parseLayout(LAYOUT), images, header: 'auto', oldUboot: false }),
      device: undefined,
      waitMs: 5_000,
      deadlines: DEADLINES,
      window,
      signal: new AbortController().signal,
      checked: true,
      show: (event) => {
        if (event.event === 'phase') cpu = process.cpuUsage();
        if (event.event !== 'phase-done' || event.id !== '0x10') return;
        const { user, system } = process.cpuUsage(cpu);
        const floorSeconds = (BLOCK_MS / 1000) * Math.ceil(event.bytes / BLOCK_BYTES);
        row = {
          host,
          blockMs: BLOCK_MS,
          seconds: event.seconds,
          ratioToFloor: event.seconds / floorSeconds,
          cpuSecondsPerGiB: ((user + system) / 1e6 / event.bytes) * 2 ** 30,
        };
      },
    });
    if (!result.ok || !row) throw new Error(`${host}: ${result.message}`);
    return row;
  } finally {
    await bus.close();
    await simulator.stop();
  }
}
