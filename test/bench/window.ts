/**
 * How many blocks to send ahead (`--window`): the time of an image as a ratio to what the board itself
 * needs, its idle share, and the host's CPU, for windows of 1 to 64 blocks, in process and over USB/IP
 * loopback (the board in a process of its own), the board as slow as measured and as fast as it can.
 * Prints a table, or with --json one object.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { memoryBytes } from '../../src/base/bytes.ts';
import { realClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { DEADLINES } from '../../src/flash/deadlines.ts';
import { flashBoard } from '../../src/flash/flash-board.ts';
import { makePlan } from '../../src/flash/plan.ts';
import { parseLayout } from '../../src/layout/parse.ts';
import { SimulatedBoard } from '../../src/simulator/board.ts';
import { simulatedBus } from '../../src/simulator/bus.ts';
import { boardProfile } from '../../src/simulator/profiles.ts';
import { serveBoards } from '../../src/simulator/server.ts';
import { REAL_SPEED } from '../../src/simulator/settings.ts';
import type { UsbBus } from '../../src/usb/port.ts';
import { usbipBus } from '../../src/usb/usbip/bus.ts';
import { makeFip, makeFsbl, makePattern } from '../image/make.ts';
import { printTable } from './table.ts';

const MIB = 2 ** 20;
const BLOCK_BYTES = 4096;
const WINDOWS = [1, 2, 4, 8, 16, 32, 64] as const;
const LAYOUT = [
  '-\t0x01\tfsbl-boot\tBinary\tnone\t0x0\tfsbl.stm32',
  '-\t0x03\tfip-boot\tFIP\tnone\t0x0\tfip.bin',
  'P\t0x10\tsdcard\tRawImage\tmmc0\t0x0\tsdcard.img\n',
].join('\n');

interface Pace {
  readonly name: string;
  readonly blockMs: number;
  readonly imageBytes: number;
}

const PACES: readonly Pace[] = [
  { name: 'real', blockMs: REAL_SPEED.blockMs ?? 0, imageBytes: 8 * MIB },
  { name: 'full', blockMs: 0, imageBytes: 64 * MIB },
];

interface Figures {
  readonly way: string;
  readonly pace: string;
  readonly window: number;
  readonly seconds: number;
  readonly mbPerSecond: number;
  /** Time to the board's own floor; empty where the board has none. */
  readonly ratioToFloor: number | '';
  readonly idlePercent: number | '';
  readonly cpuSecondsPerGiB: number;
}

/** Where a board is, and how long it has been idle (ms); undefined where nobody can look. */
interface Way {
  readonly name: string;
  readonly bus: UsbBus;
  readonly idleMs: () => number | undefined;
  close(): Promise<void>;
}

async function measure(way: Way, pace: Pace, window: number): Promise<Figures> {
  const images = new Map([
    ['fsbl.stm32', memoryBytes(makeFsbl({ family: 'mp15' }))],
    ['fip.bin', memoryBytes(makeFip())],
    ['sdcard.img', memoryBytes(makePattern(pace.imageBytes))],
  ]);
  let before = { cpu: process.cpuUsage(), idle: way.idleMs() };
  let figures: Figures | undefined;
  const result = await flashBoard({
    bus: way.bus,
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
      if (event.event === 'phase') before = { cpu: process.cpuUsage(), idle: way.idleMs() };
      if (event.event !== 'phase-done' || event.id !== '0x10') return;
      const { user, system } = process.cpuUsage(before.cpu);
      const floor = (pace.blockMs / 1000) * Math.ceil(event.bytes / BLOCK_BYTES);
      const idle = way.idleMs();
      figures = {
        way: way.name,
        pace: pace.name,
        window,
        seconds: event.seconds,
        mbPerSecond: event.bytes / 1e6 / event.seconds,
        ratioToFloor: floor > 0 ? event.seconds / floor : '',
        idlePercent: idle === undefined || before.idle === undefined ? '' : (idle - before.idle) / 10 / event.seconds,
        cpuSecondsPerGiB: ((user + system) / 1e6 / event.bytes) * 2 ** 30,
      };
    },
  });
  if (!result.ok || !figures) throw new Error(`${way.name}, window ${window}: ${result.message}`);
  return figures;
}

function makeBoard(pace: Pace): SimulatedBoard {
  const board = new SimulatedBoard({
    profile: boardProfile('stm32mp157c-dk2'),
    clock: realClock,
    settings: { blockMs: pace.blockMs },
  });
  board.powerOn();
  return board;
}

function inProcess(pace: Pace): Promise<Way> {
  const board = makeBoard(pace);
  return Promise.resolve({
    name: 'in process',
    bus: simulatedBus([board], realClock),
    idleMs: () => board.connector.idleMs,
    close: () => Promise.resolve(board.close()),
  });
}

/** This script as the board's own process: says its port, ends with its standard input. */
async function serveBoard(pace: Pace): Promise<void> {
  const board = makeBoard(pace);
  const server = await serveBoards({ boards: [board], host: '127.0.0.1', port: 0, log: silentLog });
  process.stdout.write(`${server.port}\n`);
  await once(process.stdin.resume(), 'end');
  await server.close();
  board.close();
}

async function overUsbip(pace: Pace): Promise<Way> {
  const child = spawn(process.execPath, [...process.execArgv, import.meta.filename, 'serve', pace.name], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [port] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const bus = usbipBus({ host: '127.0.0.1', port: Number(port), clock: realClock, log: silentLog });
  return {
    name: 'USB/IP',
    bus,
    idleMs: () => undefined,
    close: async () => {
      await bus.close();
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}

async function main(): Promise<void> {
  const rows: Figures[] = [];
  for (const pace of PACES) {
    for (const open of [inProcess, overUsbip]) {
      for (const window of WINDOWS) {
        const way = await open(pace);
        rows.push(await measure(way, pace, window));
        await way.close();
      }
    }
  }
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ windows: rows })}\n`);
  else printTable('blocks sent ahead of their answers', rows);
}

const served = PACES.find(({ name }) => process.argv[2] === 'serve' && process.argv[3] === name);
await (served ? serveBoard(served) : main());
