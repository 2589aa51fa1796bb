import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryBytes } from '../../src/base/bytes.ts';
import { silentLog } from '../../src/base/log.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import { selectOnly } from '../../src/layout/select-only.ts';
import { DEFAULT_SERIAL, SimulatedBoard } from '../../src/simulator/board.ts';
import { simulatedBus } from '../../src/simulator/bus.ts';
import { parseFault } from '../../src/simulator/faults/parse.ts';
import { fileStorage } from '../../src/simulator/storage/files.ts';
import { type FlashOptions, type FlashRun, flash } from '../flash/harness.ts';
import { makePattern } from '../image/make.ts';
import { bytesOf } from '../matrix/landed.ts';
import { type DrawnImage, type DrawnJob, type DrawnRow, drawJob } from './draw.ts';
import { Random } from './random.ts';

/** More virtual time than any job may take: every deadline there is, one after the other, three times. */
const MOST_SECONDS = 3_000;
const NEIGHBOUR_SERIAL = '00000000111111112222222A';

/** One job of the campaign; what is wrong with how it ended, nothing if nothing is. */
export async function runJob(seed: number): Promise<readonly string[]> {
  const random = new Random(seed);
  const job = drawJob(random);
  const folder = mkdtempSync(join(tmpdir(), 'phaseline-campaign-'));
  try {
    return job.only ? await runTwice(job, job.only, folder) : await runOnce(job, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runOnce(job: DrawnJob, folder: string): Promise<readonly string[]> {
  const boards = makeBoards(job, folder, job.faults);
  try {
    const run = await boards.flash(job.rows, job.layout);
    return [...complaintsOf(run, job.rows, folder), ...boards.complaints()];
  } finally {
    boards.close();
  }
}

/** A whole flash without faults, then a partial update of `only` with them: the other partitions keep what they had. */
async function runTwice(job: DrawnJob, only: readonly number[], folder: string): Promise<readonly string[]> {
  const first = makeBoards(job, folder, []);
  const before = await first.flash(job.rows, job.layout);
  first.close();
  const broken = complaintsOf(before, job.rows, folder);
  if (!before.result.ok || broken.length > 0) return [...broken, `does not even flash: ${before.result.message}`];

  const update = job.rows.map((row) =>
    only.includes(row.id) && row.image ? { ...row, image: other(row.image) } : row,
  );
  const kept = job.rows.filter(({ id }) => !only.includes(id));
  const second = makeBoards(job, folder, job.faults);
  try {
    const run = await second.flash(update, job.layout, new Set(only));
    const named = update.filter(({ id }) => only.includes(id));
    return [
      ...complaintsOf(run, named, folder),
      ...kept.filter((row) => !isLanded(row, folder)).map(({ name }) => `${name} was not named and is no longer there`),
      ...second.complaints(),
    ];
  } finally {
    second.close();
  }
}

function other({ data }: DrawnImage): DrawnImage {
  return { data: makePattern(data.length, 77) };
}

function complaintsOf({ result, events }: FlashRun, rows: readonly DrawnRow[], folder: string): string[] {
  const wrong = rows.filter((row) => !isLanded(row, folder));
  return [
    result.ok && wrong.length > 0 && `says ok, and ${wrong.map(({ name }) => name).join(', ')} differ`,
    result.code === 'bug/unexpected' && `a bug: ${result.message}`,
    result.ok !== (result.exitCode === 0) && `ok is ${result.ok}, the exit code ${result.exitCode}`,
    result.seconds > MOST_SECONDS && `took ${result.seconds} s`,
    events.filter(({ event }) => event === 'result').length !== 1 && 'there is not one result',
    events.at(-1)?.event !== 'result' && 'the result is not the last event',
    /[\n\r]/.test(result.message) && `the message is not one line: ${JSON.stringify(result.message)}`,
  ].filter((complaint) => complaint !== false);
}

/** Whether every mapped byte of the row's image is in the file of the storage. */
function isLanded({ image, file, offset }: DrawnRow, folder: string): boolean {
  const { data, mapped = [{ offset: 0, length: image?.data.length ?? 0 }] } = image ?? { data: new Uint8Array(0) };
  return mapped.every((extent) => {
    const found = bytesOf(join(folder, file), offset + extent.offset, extent.length);
    return found.equals(data.subarray(extent.offset, extent.offset + extent.length));
  });
}

interface Boards {
  flash(rows: readonly DrawnRow[], layout: string, only?: ReadonlySet<number>): Promise<FlashRun>;
  /** What happened to a board that nobody named. */
  complaints(): readonly string[];
  close(): void;
}

function makeBoards(job: DrawnJob, folder: string, faults: readonly string[]): Boards {
  const { profile, settings } = job;
  const clock = new VirtualClock();
  const board = new SimulatedBoard({
    profile,
    settings,
    clock,
    storage: fileStorage(profile.storage, profile.chip.otpSize, folder),
    faults: faults.map(parseFault),
    log: silentLog,
  });
  const aside = join(folder, 'neighbour');
  const neighbour = job.neighbour
    ? new SimulatedBoard({
        profile,
        settings,
        clock,
        serial: NEIGHBOUR_SERIAL,
        port: '1-2',
        storage: fileStorage(profile.storage, profile.chip.otpSize, aside),
      })
    : undefined;
  const boards = neighbour ? [board, neighbour] : [board];
  for (const each of boards) each.powerOn();
  return {
    async flash(rows, layout, only) {
      const images: FlashOptions['images'] = { ...job.bootImages, ...imagesOf(rows) };
      return flash(
        { clock, board, bus: simulatedBus(boards, clock) },
        {
          layout,
          images,
          window: job.window,
          ...(neighbour && { device: { by: 'serial', serial: DEFAULT_SERIAL } as const }),
          ...(only && { change: (parsed) => selectOnly(parsed, only) }),
        },
      );
    },
    complaints: () => {
      const cards = neighbour ? ['mmc0.img', 'mmc1.img', 'mmc1boot1.img', 'mmc1boot2.img'] : [];
      const written = cards.filter((card) => statSync(join(aside, card)).blocks > 0);
      return written.map((card) => `${card} of a board that was not named was written`);
    },
    close() {
      for (const each of boards) each.close();
    },
  };
}

function imagesOf(rows: readonly DrawnRow[]): FlashOptions['images'] {
  const entries = rows.flatMap(({ name, image }) => {
    if (!image) return [];
    return [[name, { ...memoryBytes(image.data), mapped: image.mapped }] as const];
  });
  return Object.fromEntries(entries);
}
