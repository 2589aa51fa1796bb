/**
 * 200 flashes of one simulated board in one process: memory after garbage collection and open files at the
 * 20th and at the last one. Prints a table, or with --json one object.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { memoryBytes } from '../../src/base/bytes.ts';
import { silentLog } from '../../src/base/log.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { DEADLINES } from '../../src/flash/deadlines.ts';
import { flashBoard } from '../../src/flash/flash-board.ts';
import { makePlan } from '../../src/flash/plan.ts';
import { parseLayout } from '../../src/layout/parse.ts';
import { SimulatedBoard } from '../../src/simulator/board.ts';
import { simulatedBus } from '../../src/simulator/bus.ts';
import { boardProfile } from '../../src/simulator/profiles.ts';
import { fileStorage } from '../../src/simulator/storage/files.ts';
import { bootFiles, layoutText } from '../flash/layouts.ts';
import { makePattern } from '../image/make.ts';
import { printTable } from './table.ts';

const MIB = 2 ** 20;
const IMAGE_BYTES = 10 * MIB;
const RUNS = [20, 200] as const;

interface Usage {
  readonly run: number;
  readonly heapAndExternalMB: number;
  readonly openFiles: number;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Collections until everything is back: buffers are freed in the background, after the one that found them unused. */
const COLLECTIONS = 5;

/** What is in use when nothing is under way. */
async function usage(run: number): Promise<Usage> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < COLLECTIONS; i += 1) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const { heapUsed, external } = process.memoryUsage();
    least = Math.min(least, heapUsed + external);
  }
  return { run, heapAndExternalMB: least / 1e6, openFiles: readdirSync('/proc/self/fd').length };
}

const boot = bootFiles('mp15');
const images = new Map(
  Object.entries({ ...boot.images, 'card.img': makePattern(IMAGE_BYTES) }).map(([name, data]) => [
    name,
    memoryBytes(data),
  ]),
);
const layout = parseLayout(layoutText(...boot.rows, 'P 0x10 card RawImage mmc0 0x0 card.img'));
const folder = mkdtempSync(join(tmpdir(), 'phaseline-bench-'));
try {
  const profile = boardProfile('stm32mp157c-dk2');
  const clock = new VirtualClock();
  const board = new SimulatedBoard({
    profile,
    clock,
    storage: fileStorage(profile.storage, profile.chip.otpSize, folder),
  });
  const usages: Usage[] = [];
  for (let run = 1; run <= RUNS[1]; run += 1) {
    board.powerCycle();
    const bus = simulatedBus([board], clock);
    const result = await flashBoard({
      bus,
      clock,
      log: silentLog,
      plan: makePlan({ layout, images, header: 'auto', oldUboot: false }),
      device: undefined,
      waitMs: 5_000,
      deadlines: DEADLINES,
      signal: new AbortController().signal,
      checked: true,
      show: () => undefined,
    });
    await bus.close();
    if (!result.ok) throw new Error(`run ${run}: ${result.message}`);
    if (run === RUNS[0] || run === RUNS[1]) usages.push(await usage(run));
  }
  board.close();
  const [early, late] = usages as [Usage, Usage];
  const mostMB = 1.1 * early.heapAndExternalMB + 5;
  const steady = late.heapAndExternalMB <= mostMB && late.openFiles === early.openFiles;
  if (process.argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ memory: usages, mostMB, steady })}\n`);
  } else {
    printTable(`one board, flashed ${RUNS[1]} times in one process, ${IMAGE_BYTES / MIB} MiB each`, usages);
    process.stdout.write(`\nat most ${mostMB.toFixed(1)} MB and as many open files: ${steady ? 'yes' : 'no'}\n`);
  }
  if (!steady) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
