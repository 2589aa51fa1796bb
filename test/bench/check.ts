/**
 * `phaseline check`: start to finish for one layout, as a ratio to `node -e 0` in the same run; 500 layouts
 * in one call; the bytes that are read of ten files of 4 GiB. Prints tables, or with --json one object.
 */
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { brokenLayout } from '../check/boards.ts';
import { imagesFor } from '../check/files.ts';
import { makeExt4, makeGptImage } from '../image/make.ts';
import { printTable } from './table.ts';

const GIB = 2 ** 30;
const MIB = 2 ** 20;
const BIN = resolve(import.meta.dirname, '../../bin/phaseline.js');
const ROUNDS = 15;
const LAYOUTS = 500;
const BIG_FILES = 10;
const MOST_RATIO = 4;

/** Milliseconds from start to exit of a Node process; throws when it says that something is wrong. */
function timed(args: readonly string[]): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 64 * MIB });
  if (status !== 0) throw new Error(`${args.join(' ')}: exit ${status}: ${stderr}`);
  return performance.now() - started;
}

/** Both in turns, so that a busy machine is busy for both; of each the best, for noise only adds. */
function startToFinish(layout: string) {
  const times = Array.from({ length: ROUNDS }, () => ({
    node: timed(['-e', '0']),
    check: timed([BIN, 'check', layout]),
  }));
  const nodeMs = Math.min(...times.map(({ node }) => node));
  const checkMs = Math.min(...times.map(({ check }) => check));
  return { nodeMs, checkMs, ratio: checkMs / nodeMs, most: MOST_RATIO };
}

function manyLayouts(folder: string) {
  for (let index = 0; index < LAYOUTS; index += 1) {
    writeFileSync(join(folder, `layout-${String(index).padStart(3, '0')}.tsv`), brokenLayout('sd'));
  }
  const totalMs = Math.min(...Array.from({ length: 3 }, () => timed([BIN, 'check', folder])));
  return { layouts: LAYOUTS, totalMs, msEach: totalMs / LAYOUTS };
}

/** What a check reads, by the kernel's count; a first one has loaded all modules before. */
function bytesRead(args: readonly string[]): number {
  const script = `
    import { readFileSync } from 'node:fs';
    import { run } from '${resolve(import.meta.dirname, '../../dist/cli/run.js')}';
    import { processIo } from '${resolve(import.meta.dirname, '../../dist/cli/io.js')}';
    const io = { ...processIo(), stdout: { write: () => undefined, isTTY: false, columns: 80 } };
    const count = () => Number(/rchar: (\\d+)/.exec(readFileSync('/proc/self/io', 'utf8'))[1]);
    await run(process.argv.slice(1), io);
    const before = count();
    await run(process.argv.slice(1), io);
    process.stdout.write(String(count() - before));
  `;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script, ...args], {
    encoding: 'utf8',
  });
  if (!/^\d+$/.test(stdout)) throw new Error(stderr);
  return Number(stdout);
}

function bigFiles(folder: string) {
  const contents = [makeExt4(), makeGptImage(), new Uint8Array(1), new TextEncoder().encode('STM\x32')];
  const rows = Array.from({ length: BIG_FILES }, (_, index) => {
    const name = `big-${index}.img`;
    const file = openSync(join(folder, name), 'w');
    writeSync(file, (contents[index % contents.length] as Uint8Array).subarray(0, MIB));
    ftruncateSync(file, 4 * GIB);
    closeSync(file);
    const offset = (0x4400 + index * 8 * GIB).toString(16);
    return `P\t0x${(0x10 + index).toString(16)}\tpart${index}\tFileSystem\tmmc0\t0x${offset}\t${name}`;
  });
  const boot = readFileSync(join(folder, '..', 'one.tsv'), 'utf8')
    .split('\n')
    .slice(0, 3);
  const layout = join(folder, 'big.tsv');
  writeFileSync(layout, `${[...boot, ...rows].join('\n')}\n`);
  const kib = (bytes: number) => bytes / 1024;
  const withChecksums = kib(bytesRead(['check', layout]));
  writeFileSync(
    join(folder, 'phaseline.config.json'),
    JSON.stringify({ rules: { 'stm32-header-checksum': 'off', 'type-needs-uboot': 'off' } }),
  );
  return {
    files: `${BIG_FILES} of 4 GiB`,
    readKiB: kib(bytesRead(['check', layout])),
    withChecksumsKiB: withChecksums,
    mostKiB: 1024,
  };
}

const folder = mkdtempSync(join(tmpdir(), 'phaseline-bench-'));
try {
  const sub = (name: string) => mkdtempSync(join(folder, `${name}-`));
  const [many, big] = [sub('many'), sub('big')];
  for (const place of [folder, many, big]) {
    for (const [name, data] of Object.entries(imagesFor('mp15'))) writeFileSync(join(place, name), data);
  }
  writeFileSync(join(folder, 'one.tsv'), brokenLayout('sd'));
  const start = startToFinish(join(folder, 'one.tsv'));
  const calls = manyLayouts(many);
  const reads = bigFiles(big);
  if (process.argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ start, calls, reads })}\n`);
  } else {
    printTable('check of one layout and its files, from start to finish', [start]);
    printTable('layouts in one call', [calls]);
    printTable('bytes read of large files', [reads]);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
