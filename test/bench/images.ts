/**
 * Images as people have them (`npm run bench -- images [--json] [--quick]`): MB/s of what arrives for each format, with
 * a board that takes no time, in process and over USB/IP; and the peak memory of the command line for a large image
 * that is mostly holes. --quick: smaller images.
 */
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { type Bytes, memoryBytes } from '../../src/base/bytes.ts';
import { realClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { DEADLINES } from '../../src/flash/deadlines.ts';
import { flashBoard } from '../../src/flash/flash-board.ts';
import { makePlan } from '../../src/flash/plan.ts';
import { parseLayout } from '../../src/layout/parse.ts';
import { openImage } from '../../src/source/open-image.ts';
import type { UsbBus } from '../../src/usb/port.ts';
import { makeFip, makeFsbl, makePattern } from '../image/make.ts';
import { missingTools } from '../interop/tools.ts';
import { printTable } from './table.ts';
import { commandLineUsage, inProcess, overUsbip, type Usage } from './ways.ts';

const MIB = 2 ** 20;
const quick = process.argv.includes('--quick');
const SPEED_BYTES = (quick ? 32 : 128) * MIB;
const LARGE_BYTES = (quick ? 384 : 6144) * MIB;
const LARGE_DATA_BYTES = (quick ? 32 : 512) * MIB;
const MOST_RSS_MB = 200;
const layoutOf = (file: string) =>
  [
    '-\t0x01\tfsbl-boot\tBinary\tnone\t0x0\tfsbl.stm32',
    '-\t0x03\tfip-boot\tFIP\tnone\t0x0\tfip.bin',
    `P\t0x10\tsdcard\tRawImage\tmmc0\t0x0\t${file}\n`,
  ].join('\n');

const PACKED: Readonly<Record<string, readonly string[]>> = {
  raw: [],
  'raw.gz': ['gzip', '-k1', 'raw'],
  'raw.xz': ['xz', '-k0', '-T2', 'raw'],
  'raw.zst': ['zstd', '-qk1', 'raw'],
  'raw.simg': ['img2simg', 'raw', 'raw.simg'],
};

/** Noise in every other stretch of `stride` bytes, runs of one value between. */
function writeMixed(path: string, bytes: number): void {
  const noise = makePattern(MIB);
  const file = openSync(path, 'w');
  for (let at = 0; at < bytes; at += MIB) {
    noise[at % MIB] = at / MIB;
    writeSync(
      file,
      (at / MIB) % 2 === 0 ? noise : new Uint8Array(MIB).fill(at / MIB),
      0,
      Math.min(MIB, bytes - at),
      at,
    );
  }
  closeSync(file);
}

/** Noise spread over a file of holes. */
function writeHoley(path: string, bytes: number, dataBytes: number): void {
  const file = openSync(path, 'w');
  ftruncateSync(file, bytes);
  const stride = Math.floor(bytes / (dataBytes / MIB) / MIB) * MIB;
  for (let at = 0, seed = 1; at + MIB <= bytes; at += stride, seed += 1)
    writeSync(file, makePattern(MIB, seed), 0, MIB, at);
  closeSync(file);
}

interface Memory extends Usage {
  readonly image: string;
  readonly verdict: 'met' | 'missed';
}

interface Speed {
  readonly way: string;
  readonly image: string;
  readonly openSeconds: number;
  readonly mbPerSecond: number;
}

async function measureSpeed(way: string, folder: string, image: string, bus: UsbBus): Promise<Speed> {
  const started = performance.now();
  const source = await openImage(join(folder, image));
  const openSeconds = (performance.now() - started) / 1000;
  const images = new Map<string, Bytes>([
    ['fsbl.stm32', memoryBytes(makeFsbl({ family: 'mp15' }))],
    ['fip.bin', memoryBytes(makeFip())],
    [image, source],
  ]);
  let mbPerSecond = 0;
  const result = await flashBoard({
    bus,
    clock: realClock,
    log: silentLog,
    plan: makePlan({ layout: parseLayout(layoutOf(image)), images, header: 'auto', oldUboot: false }),
    device: undefined,
    waitMs: 5_000,
    deadlines: DEADLINES,
    signal: new AbortController().signal,
    checked: true,
    show: (event) => {
      if (event.event === 'phase-done' && event.id === '0x10') mbPerSecond = event.bytes / 1e6 / event.seconds;
    },
  });
  await bus.close();
  await source.close();
  if (!result.ok) throw new Error(`${image}, ${way}: ${result.message}`);
  return { way, image, openSeconds, mbPerSecond };
}

const missing = missingTools(['gzip', 'xz', 'zstd', 'img2simg']);
if (missing) {
  process.stderr.write(`bench images: ${missing}\n`);
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'phaseline-bench-'));
try {
  writeFileSync(join(folder, 'fsbl.stm32'), makeFsbl({ family: 'mp15' }));
  writeFileSync(join(folder, 'fip.bin'), makeFip());
  const speeds: Speed[] = [];
  const memory: Memory[] = [];
  writeMixed(join(folder, 'raw'), SPEED_BYTES);
  for (const [image, [command, ...args]] of Object.entries(PACKED)) {
    if (command !== undefined) await execa(command, args, { cwd: folder });
    speeds.push(await inProcess((bus) => measureSpeed('in process', folder, image, bus)));
    speeds.push(await overUsbip((bus) => measureSpeed('USB/IP', folder, image, bus)));
    if (image !== 'raw') rmSync(join(folder, image));
  }
  writeHoley(join(folder, 'raw'), LARGE_BYTES, LARGE_DATA_BYTES);
  for (const [image, [command, ...args]] of Object.entries(PACKED)) {
    if (command !== undefined) await execa(command, args, { cwd: folder });
    writeFileSync(join(folder, 'layout.tsv'), layoutOf(image));
    const usage = await commandLineUsage(folder);
    memory.push({ image, ...usage, verdict: usage.peakRssMB <= MOST_RSS_MB ? 'met' : 'missed' });
    if (image !== 'raw') rmSync(join(folder, image));
  }
  if (process.argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ speeds, memory })}\n`);
  } else {
    printTable(`images by format, ${SPEED_BYTES / MIB} MiB, half of it noise, a board that takes no time`, speeds);
    const size = `${LARGE_BYTES / MIB} MiB with ${LARGE_DATA_BYTES / MIB} MiB of noise`;
    printTable(`the command line over USB/IP, ${size}; at most ${MOST_RSS_MB} MB`, memory);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
