import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { realClock } from '../../src/base/clock.ts';
import { type Log, silentLog } from '../../src/base/log.ts';
import { SimulatedBoard } from '../../src/simulator/board.ts';
import { parseFault } from '../../src/simulator/faults/parse.ts';
import { serveBoards } from '../../src/simulator/server.ts';
import { fileStorage } from '../../src/simulator/storage/files.ts';
import { firstDifference } from '../matrix/landed.ts';
import { WAYS, type Way } from '../matrix/ways.ts';
import { Random } from './random.ts';

const BIN = resolve(import.meta.dirname, '../../bin/phaseline.js');
/** Long enough for a process to be gone before it is answered. */
const HELD_MS = 500;
/** A whole job of these sizes takes some 250 transfers. */
const MOST_TRANSFERS = 260;

/**
 * A command line that the simulated board kills (SIGKILL) at a transfer, and the same command once more after a
 * power cycle; what is wrong with what it left, nothing if nothing is.
 */
export async function runKilled(seed: number): Promise<readonly string[]> {
  const random = new Random(seed);
  const way = random.pick(WAYS);
  const transfer = random.int(1, MOST_TRANSFERS);
  const folder = mkdtempSync(join(tmpdir(), 'phaseline-killed-'));
  let victim: ChildProcess | undefined;
  const killer: Log = {
    ...silentLog,
    info: (_fields, message) => {
      if (message === 'a fault happens') victim?.kill('SIGKILL');
    },
  };
  const board = makeBoard(way, join(folder, 'media'), transfer, killer);
  const server = await serveBoards({ boards: [board], host: '127.0.0.1', port: 0, log: silentLog });
  board.powerOn();
  try {
    writeFiles(way, folder);
    const flash = () => start(folder, `usbip://127.0.0.1:${server.port}`);
    victim = flash();
    const first = await ended(victim);
    victim = undefined;
    const difference = () => firstDifference(join(folder, 'media'), way.landings, way.images);
    const claims = [
      first.saysOk && difference() && `said ok before it was killed, and ${difference()}`,
      first.code !== null && first.code !== 0 && `ended by itself with ${first.code}: ${first.lastLine}`,
    ];
    board.powerCycle();
    const second = await ended(flash());
    return [
      ...claims,
      second.code !== 0 && `after that the same command ends with ${second.code}: ${second.lastLine}`,
      second.code === 0 && difference() && `after that the same command says ok, and ${difference()}`,
    ].filter((claim) => typeof claim === 'string');
  } finally {
    victim?.kill('SIGKILL');
    await server.close();
    board.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function makeBoard({ profile, settings }: Way, media: string, transfer: number, log: Log): SimulatedBoard {
  const storage = fileStorage(profile.storage, profile.chip.otpSize, media);
  const faults = [parseFault(`nak ${HELD_MS} at transfer ${transfer}`)];
  return new SimulatedBoard({ profile, settings, clock: realClock, storage, faults, log });
}

function writeFiles({ layout, images }: Way, folder: string): void {
  const files = join(folder, 'files');
  mkdirSync(files);
  for (const [name, data] of Object.entries(images)) writeFileSync(join(files, name), data);
  writeFileSync(join(files, 'layout.tsv'), layout);
}

function start(folder: string, bus: string): ChildProcess {
  const args = [
    BIN,
    'flash',
    join(folder, 'files/layout.tsv'),
    '--bus',
    bus,
    '--json',
    '--yes',
    '--no-check',
    '--wait',
    '20',
  ];
  const env = { ...process.env, XDG_STATE_HOME: join(folder, 'state') };
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'], env });
}

interface Ended {
  /** Null when it was killed. */
  readonly code: number | null;
  readonly saysOk: boolean;
  readonly lastLine: string;
}

async function ended(child: ChildProcess): Promise<Ended> {
  let text = '';
  child.stdout?.on('data', (piece: Buffer) => {
    text += piece.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, saysOk: /"ok":true/.test(text), lastLine: text.trimEnd().split('\n').at(-1) ?? '' };
}
