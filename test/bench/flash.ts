/**
 * One board, one image: speed, control transfers, CPU and memory, in process and over USB/IP loopback.
 * Prints a table, or with --json one object. --quick leaves the 5 GiB image out.
 */
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bytes, memoryBytes } from '../../src/base/bytes.ts';
import { realClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { DEADLINES } from '../../src/flash/deadlines.ts';
import { flashBoard } from '../../src/flash/flash-board.ts';
import { makePlan } from '../../src/flash/plan.ts';
import { parseLayout } from '../../src/layout/parse.ts';
import type { UsbBus } from '../../src/usb/port.ts';
import { makeFip, makeFsbl, makePattern } from '../image/make.ts';
import { countingBus } from './counting-bus.ts';
import { printTable } from './table.ts';
import { commandLineUsage, inProcess, overUsbip, type Usage } from './ways.ts';

const MIB = 2 ** 20;
const GIB = 2 ** 30;
const IMAGE_BYTES = 128 * MIB;
const LAYOUT = [
  '-\t0x01\tfsbl-boot\tBinary\tnone\t0x0\tfsbl.stm32',
  '-\t0x03\tfip-boot\tFIP\tnone\t0x0\tfip.bin',
  'P\t0x10\tsdcard\tRawImage\tmmc0\t0x0\tsdcard.img\n',
].join('\n');

interface Speed {
  readonly way: string;
  readonly mbPerSecond: number;
  readonly transfersPerMiB: number;
  readonly cpuSecondsPerGiB: number;
}

/** Flashes IMAGE_BYTES over this bus; the figures are those of the image's own phase. */
async function measureSpeed(way: string, inner: UsbBus): Promise<Speed> {
  const bus = countingBus(inner);
  const images = new Map<string, Bytes>([
    ['fsbl.stm32', memoryBytes(makeFsbl({ family: 'mp15' }))],
    ['fip.bin', memoryBytes(makeFip())],
    ['sdcard.img', memoryBytes(makePattern(IMAGE_BYTES))],
  ]);
  const plan = makePlan({ layout: parseLayout(LAYOUT), images, header: 'auto', oldUboot: false });
  let before = { transfers: 0, cpu: process.cpuUsage() };
  let speed: Speed | undefined;
  const result = await flashBoard({
    bus,
    clock: realClock,
    log: silentLog,
    plan,
    device: undefined,
    waitMs: 5_000,
    deadlines: DEADLINES,
    signal: new AbortController().signal,
    checked: true,
    show: (event) => {
      if (event.event === 'phase') before = { transfers: bus.transfers, cpu: process.cpuUsage() };
      if (event.event !== 'phase-done' || event.id !== '0x10') return;
      const { user, system } = process.cpuUsage(before.cpu);
      speed = {
        way,
        mbPerSecond: event.bytes / 1e6 / event.seconds,
        transfersPerMiB: (bus.transfers - before.transfers) / (event.bytes / MIB),
        cpuSecondsPerGiB: (user + system) / 1e6 / (event.bytes / GIB),
      };
    },
  });
  await bus.close();
  if (!result.ok || !speed) throw new Error(`${way}: ${result.message}`);
  return speed;
}

interface Memory extends Usage {
  readonly image: string;
}

/** The real command line as a process of its own, the board in another one. */
async function measureCli(folder: string, image: string, bytes: number): Promise<Memory> {
  const file = openSync(join(folder, 'sdcard.img'), 'w');
  ftruncateSync(file, bytes);
  closeSync(file);
  return { image, ...(await commandLineUsage(folder)) };
}

const quick = process.argv.includes('--quick');
const folder = mkdtempSync(join(tmpdir(), 'phaseline-bench-'));
try {
  writeFileSync(join(folder, 'layout.tsv'), LAYOUT);
  writeFileSync(join(folder, 'fsbl.stm32'), makeFsbl({ family: 'mp15' }));
  writeFileSync(join(folder, 'fip.bin'), makeFip());
  const speeds = [
    await inProcess((bus) => measureSpeed('in process (host and board)', bus)),
    await overUsbip((bus) => measureSpeed('USB/IP loopback (host only)', bus)),
  ];
  const memory = [await measureCli(folder, '50 MB', 50e6)];
  if (!quick) memory.push(await measureCli(folder, '5 GiB', 5 * GIB));
  if (process.argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ speeds, memory })}\n`);
  } else {
    printTable(`one board, ${IMAGE_BYTES / MIB} MiB raw image`, speeds);
    printTable('the command line over USB/IP, sparse file as image', memory);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
