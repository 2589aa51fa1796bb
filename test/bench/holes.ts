/**
 * One board as slow as a real one (2.06 ms a block) over USB/IP: the same image raw, and with a bmap that calls 60 %
 * of it don't-care, through the real command line; and the control transfers that either costs. Prints tables and
 * whether each goal is met, or with --json one object. --full takes the 539,002,368 bytes that
 * STM32CubeProgrammer was timed with, which takes some seven minutes; --quick a smaller image.
 */
import { createHash } from 'node:crypto';
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { type Bytes, type Extent, memoryBytes } from '../../src/base/bytes.ts';
import { REAL_SPEED } from '../../src/simulator/settings.ts';
import { flash, makeBench } from '../flash/harness.ts';
import { layoutText } from '../flash/layouts.ts';
import { patternsIn, sparseBytes } from '../flash/sparse-bytes.ts';
import { makeFip, makeFsbl, makePattern } from '../image/make.ts';
import { bmapText } from '../image/make-bmap.ts';
import { startSimulator } from '../suites/phaseline.ts';
import { countingBus } from './counting-bus.ts';
import { printTable } from './table.ts';

const MIB = 2 ** 20;
const BLOCK_BYTES = 4096;
const BLOCK_MS = REAL_SPEED.blockMs ?? 0;
/** What STM32CubeProgrammer needed for the full image. */
const CUBE_SECONDS = 271.6;
const FULL_BYTES = 539_002_368;
const MAPPED_SHARE = 0.4;
/** One range for so many bytes of image: an SD card image of a few partitions whose file systems have gaps. */
const RANGE_BYTES = 8 * MIB;
const ROWS = [
  '- 0x01 fsbl-boot Binary none 0x0 fsbl.stm32',
  '- 0x03 fip-boot FIP none 0x0 fip.bin',
  'P 0x10 sdcard RawImage mmc0 0x0 sdcard.img',
];

/** Ranges of equal length with holes behind them, from the start of the image to its end. */
function mappedRanges(imageBytes: number): Extent[] {
  const count = Math.ceil(imageBytes / RANGE_BYTES);
  const step = Math.floor(imageBytes / count / BLOCK_BYTES) * BLOCK_BYTES;
  const length = Math.floor((step * MAPPED_SHARE) / BLOCK_BYTES) * BLOCK_BYTES;
  return Array.from({ length: count }, (_, index) => ({ offset: index * step, length }));
}

function writeImage(path: string, imageBytes: number, ranges: readonly Extent[]): void {
  const file = openSync(path, 'w');
  ftruncateSync(file, imageBytes);
  const sums = ranges.map(({ offset, length }, index) => {
    const data = makePattern(length, index + 1);
    writeSync(file, data, 0, length, offset);
    const text = `${offset / BLOCK_BYTES}-${(offset + length) / BLOCK_BYTES - 1}`;
    return { text, sum: createHash('sha256').update(data).digest('hex') };
  });
  closeSync(file);
  writeFileSync(`${path}.bmap`, bmapText({ version: '2.0', imageBytes, ranges: sums }));
}

interface Paced {
  readonly way: string;
  readonly bytesSent: number;
  readonly seconds: number;
  /** Time of the blocks alone, at the board's pace. */
  readonly floorSeconds: number;
  readonly ratioToFloor: number;
}

async function measurePaced(folder: string, way: string, args: readonly string[]): Promise<Paced> {
  const simulator = await startSimulator(['stm32mp157c-dk2', '--speed', 'real']);
  try {
    const bin = join(import.meta.dirname, '../../bin/phaseline.js');
    const words = ['flash', join(folder, 'layout.tsv'), '--bus', simulator.bus, '--json', '--no-check', ...args];
    const { stdout } = await execa(process.execPath, [bin, ...words]);
    const result = JSON.parse(stdout.split('\n').at(-1) as string);
    const phase = result.phases.at(-1);
    if (!result.ok || phase.id !== '0x10') throw new Error(`${way}: ${result.message}`);
    const floorSeconds = (Math.ceil(phase.bytes / BLOCK_BYTES) * BLOCK_MS) / 1000;
    const { seconds } = phase;
    return { way, bytesSent: phase.bytes, seconds, floorSeconds, ratioToFloor: seconds / floorSeconds };
  } finally {
    await simulator.stop();
  }
}

interface Transfers {
  readonly way: string;
  readonly ranges: number;
  readonly mibSent: number;
  readonly transfersPerMiB: number;
  /** Beyond two for each block and what a whole image costs at its ends. */
  readonly morePerRange: number | '';
}

/** Control transfers of a job that ends with this image; its boot files cost the same each time. */
async function countTransfers(image: Bytes): Promise<{ readonly all: number; readonly sent: number }> {
  const bench = makeBench('stm32mp157c-dk2');
  const bus = countingBus(bench.bus);
  let before = 0;
  const { result } = await flash(bench, {
    layout: layoutText(...ROWS),
    images: { 'fsbl.stm32': makeFsbl({ family: 'mp15' }), 'fip.bin': makeFip(), 'sdcard.img': image },
    bus,
    show: (event) => {
      if (event.event === 'phase' && event.id === '0x10') before = bus.transfers;
    },
  });
  const sent = result.phases.at(-1)?.bytes ?? 0;
  bench.board.close();
  if (!result.ok) throw new Error(result.message);
  return { all: bus.transfers - before, sent };
}

async function measureTransfers(imageBytes: number, ranges: readonly Extent[]): Promise<Transfers[]> {
  const raw = await countTransfers(memoryBytes(new Uint8Array(imageBytes)));
  const holes = await countTransfers(sparseBytes(imageBytes, patternsIn(ranges)));
  const beside = ({ all, sent }: typeof raw) => all - 2 * Math.ceil(sent / BLOCK_BYTES);
  const row = (way: string, count: number, { all, sent }: typeof raw, more: number | ''): Transfers => ({
    way,
    ranges: count,
    mibSent: sent / MIB,
    transfersPerMiB: all / (sent / MIB),
    morePerRange: more,
  });
  return [row('raw', 1, raw, ''), row('bmap', ranges.length, holes, (beside(holes) - beside(raw)) / ranges.length)];
}

interface Goal {
  readonly goal: string;
  readonly most: number;
  readonly measured: number;
  readonly verdict: 'met' | 'missed';
}

const judged = (goal: string, most: number, measured: number): Goal => ({
  goal,
  most,
  measured,
  verdict: measured <= most ? 'met' : 'missed',
});

const flags = process.argv.slice(2);
const imageBytes = flags.includes('--full') ? FULL_BYTES : flags.includes('--quick') ? 8 * MIB : 32 * MIB;
const folder = mkdtempSync(join(tmpdir(), 'phaseline-bench-'));
try {
  writeFileSync(join(folder, 'layout.tsv'), layoutText(...ROWS));
  writeFileSync(join(folder, 'fsbl.stm32'), makeFsbl({ family: 'mp15' }));
  writeFileSync(join(folder, 'fip.bin'), makeFip());
  const ranges = mappedRanges(imageBytes);
  writeImage(join(folder, 'sdcard.img'), imageBytes, ranges);
  const raw = await measurePaced(folder, 'raw', ['--bmap', 'none']);
  const bmap = await measurePaced(folder, 'bmap', []);
  const counted = Math.min(imageBytes, 32 * MIB);
  const transfers = await measureTransfers(counted, mappedRanges(counted));
  const [rawCount, bmapCount] = transfers as [Transfers, Transfers];
  const goals = [
    judged("raw to the board's own floor", 1.03, raw.ratioToFloor),
    judged('bmap to raw', 0.42, bmap.seconds / raw.seconds),
    judged('transfers per MiB, raw', 514, rawCount.transfersPerMiB),
    judged('further transfers for each range', 16, Number(bmapCount.morePerRange)),
    ...(imageBytes === FULL_BYTES
      ? [
          judged('raw to STM32CubeProgrammer', 1.05, raw.seconds / CUBE_SECONDS),
          judged('bmap to STM32CubeProgrammer', 0.42, bmap.seconds / CUBE_SECONDS),
        ]
      : []),
  ];
  if (flags.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ paced: [raw, bmap], transfers, goals })}\n`);
  } else {
    printTable(`${imageBytes} bytes to a board of ${BLOCK_MS} ms a block, ${ranges.length} ranges mapped`, [raw, bmap]);
    printTable(`control transfers, image of ${counted / MIB} MiB`, transfers);
    printTable('goals', goals);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
