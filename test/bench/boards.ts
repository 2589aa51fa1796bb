/**
 * One USB/IP server with 1, 8 and 32 simulated boards that are all flashed at once: speed, memory of the
 * server, and how many requests a second a single board answers. The server is the command line in a
 * process of its own, media as files; all hosts run in this process, so on a machine with two cores each
 * side has one. Prints two tables, or with --json one object. --quick leaves the 32 boards out.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bytes, memoryBytes } from '../../src/base/bytes.ts';
import { realClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { DEADLINES } from '../../src/flash/deadlines.ts';
import { flashBoard } from '../../src/flash/flash-board.ts';
import { makePlan, type Plan } from '../../src/flash/plan.ts';
import { parseLayout } from '../../src/layout/parse.ts';
import { type UsbipOptions, usbipBus } from '../../src/usb/usbip/bus.ts';
import { bootFiles, layoutText } from '../flash/layouts.ts';
import { makePattern } from '../image/make.ts';
import { type RunningSimulator, startSimulator } from '../suites/phaseline.ts';
import { printTable } from './table.ts';

const MIB = 2 ** 20;
const PROFILE = 'stm32mp157c-dk2';
const IMAGE_BYTES = 32 * MIB;
const COUNTS = [1, 8, 32] as const;

interface ManyBoards {
  readonly boards: number;
  /** From the first byte of the first image to the last board's end of its image. */
  readonly seconds: number;
  readonly totalMBPerSecond: number;
  readonly serverPeakMB: number;
  /** What each board beyond the first added to the server; empty for the first. */
  readonly perFurtherBoardMB: number | '';
}

interface Replies {
  readonly requestsInFlight: number;
  readonly repliesPerSecond: number;
}

async function withSimulator<T>(args: readonly string[], work: (simulator: RunningSimulator) => Promise<T>) {
  const folder = mkdtempSync(join(tmpdir(), 'phaseline-bench-'));
  const simulator = await startSimulator([PROFILE, '--storage', folder, ...args]);
  try {
    return await work(simulator);
  } finally {
    await simulator.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function busOptions({ bus }: RunningSimulator): UsbipOptions {
  const { hostname, port } = new URL(bus);
  return { host: hostname, port: Number(port), clock: realClock, log: silentLog };
}

/** The most memory that a process has had, as Linux counts it. */
function peakRssBytes(pid: number | undefined): number {
  const match = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(match?.[1] ?? Number.NaN) * 1024;
}

function makeCardPlan(): Plan {
  const boot = bootFiles('mp15');
  const files: Readonly<Record<string, Uint8Array>> = { ...boot.images, 'card.img': makePattern(IMAGE_BYTES) };
  return makePlan({
    layout: parseLayout(layoutText(...boot.rows, 'P 0x10 card RawImage mmc0 0x0 card.img')),
    images: new Map(Object.entries(files).map(([name, data]): [string, Bytes] => [name, memoryBytes(data)])),
    header: 'auto',
    oldUboot: false,
  });
}

async function flashOne(simulator: RunningSimulator, port: string, plan: Plan, times: number[]): Promise<void> {
  const bus = usbipBus(busOptions(simulator));
  const result = await flashBoard({
    bus,
    clock: realClock,
    log: silentLog,
    plan,
    device: { by: 'port', port },
    waitMs: 10_000,
    deadlines: DEADLINES,
    signal: new AbortController().signal,
    checked: true,
    show: (event) => {
      if ((event.event === 'phase' || event.event === 'phase-done') && event.id === '0x10') {
        times.push(performance.now());
      }
    },
  });
  await bus.close();
  if (!result.ok) throw new Error(`board ${port}: ${result.message}`);
}

function flashAll(boards: number, plan: Plan, peakOfOne: number | undefined): Promise<ManyBoards> {
  return withSimulator(['--boards', String(boards)], async (simulator) => {
    const times: number[] = [];
    const ports = Array.from({ length: boards }, (_, index) => `1-${index + 1}`);
    await Promise.all(ports.map((port) => flashOne(simulator, port, plan, times)));
    const seconds = (Math.max(...times) - Math.min(...times)) / 1000;
    const peak = peakRssBytes(simulator.process.pid);
    return {
      boards,
      seconds,
      totalMBPerSecond: (boards * IMAGE_BYTES) / 1e6 / seconds,
      serverPeakMB: peak / 1e6,
      perFurtherBoardMB: peakOfOne === undefined ? '' : (peak / 1e6 - peakOfOne) / (boards - 1),
    };
  });
}

/** GETSTATUS to a board in its ROM, so many at a time. */
function countReplies(requestsInFlight: number, forMs = 2_000): Promise<Replies> {
  return withSimulator([], async (simulator) => {
    const bus = usbipBus(busOptions(simulator));
    const [info] = await bus.list();
    if (!info) throw new Error('no board is listed');
    const device = await bus.open(info);
    const getStatus = { requestType: 0xa1, request: 3, value: 0, index: 0 };
    const end = performance.now() + forMs;
    let replies = 0;
    const ask = async () => {
      for (; performance.now() < end; replies += 1) await device.controlIn(getStatus, 6, 1_000);
    };
    await Promise.all(Array.from({ length: requestsInFlight }, ask));
    await bus.close();
    return { requestsInFlight, repliesPerSecond: replies / (forMs / 1000) };
  });
}

const counts = process.argv.includes('--quick') ? COUNTS.slice(0, 2) : COUNTS;
const plan = makeCardPlan();
const manyBoards: ManyBoards[] = [];
for (const boards of counts) manyBoards.push(await flashAll(boards, plan, manyBoards[0]?.serverPeakMB));
const replies = [await countReplies(1), await countReplies(16)];
if (process.argv.includes('--json')) {
  process.stdout.write(`${JSON.stringify({ manyBoards, replies })}\n`);
} else {
  printTable(`boards on one USB/IP server, ${IMAGE_BYTES / MIB} MiB raw image each, all at once`, manyBoards);
  printTable('replies of one board over USB/IP loopback', replies);
}
