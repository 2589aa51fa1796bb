import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { EXIT } from '../../base/error-codes.ts';
import { DEADLINES } from '../../flash/deadlines.ts';
import type { FramedEvent } from '../../flash/events.ts';
import { flashBoard } from '../../flash/flash-board.ts';
import { makePlan, type Plan } from '../../flash/plan.ts';
import type { Layout } from '../../layout/parse.ts';
import { isStorageRow } from '../../layout/phases.ts';
import { NO_BINARY } from '../../layout/row.ts';
import { selectOnly } from '../../layout/select-only.ts';
import type { OpenSource } from '../../source/open-file.ts';
import { fsblFamilies, wantsHeader } from '../boot-facts.ts';
import type { CommandContext } from '../command.ts';
import type { ReadArguments } from '../commands/read.ts';
import { asFailure } from '../failure.ts';
import { failed, NOTHING } from '../flash-job.ts';
import { hintFor } from '../hints.ts';
import { describeFiles, describerOfSent, readLayout, searchPath } from '../layout-files.ts';
import { onBoard } from '../on-board.ts';
import { openImages } from '../open-images.ts';
import { preflight } from '../preflight.ts';
import { eventReader } from '../render/event-reader.ts';
import { sceneOf } from '../scene.ts';
import { parseSelector } from '../selector.ts';
import { flashBackText } from './flash-back.ts';
import { createPartitionFile, partitionFileName, prepareFolder } from './partition-file.ts';
import { wantedPartition, wantedRows } from './wanted.ts';

/** The layout beside the files that writes them back. */
const FLASH_BACK = 'layout.tsv';

/** `phaseline read`: brings a board to U-Boot with a layout that writes nothing, and saves partitions of it. */
export async function readJob(args: ReadArguments, context: CommandContext): Promise<number> {
  const { io, log } = context;
  const { clock } = io;
  const reader = eventReader(io, args);
  const startedAt = clock.now();
  let ended = false;
  const show = (event: FramedEvent) => {
    ended ||= event.event === 'result';
    if (event.event !== 'progress') log.info(event, event.event);
    reader.show(event);
  };
  const sources: OpenSource[] = [];
  try {
    return await readBoard(args, context, sources, show);
  } catch (error) {
    const failure = asFailure(error);
    log.error({ code: failure.code, details: failure.details, stack: failure.stack }, failure.message);
    if (failure.code === 'bug/unexpected') throw failure;
    const seconds = (clock.now() - startedAt) / 1000;
    const frame = { time: clock.date().toISOString(), seconds, checked: args.check };
    if (!ended)
      show({ ...NOTHING, ...frame, ...failed(failure), hint: hintFor(failure, sceneOf(io, args.bus, undefined)) });
    return failure.exitCode;
  } finally {
    reader.close();
    for (const source of sources) await source.close();
  }
}

async function readBoard(
  args: ReadArguments,
  context: CommandContext,
  sources: OpenSource[],
  show: (event: FramedEvent) => void,
): Promise<number> {
  const { io, log } = context;
  const device = args.device === undefined ? undefined : parseSelector(args.device);
  const layout = await readLayout(resolve(io.cwd, args.layout), args.layout);
  const rows = wantedRows(layout, args.ids);
  const plan = await openPlan(writesNothing(layout), args, context, sources);
  const partitions = rows.map((row) => wantedPartition(layout, row));
  const names = partitions.map(partitionFileName);
  const folder = resolve(io.cwd, args.out);
  await prepareFolder(folder, [...names, FLASH_BACK], args.force ?? false);
  const { exitCode } = await onBoard(args, context, (bus, signal) =>
    flashBoard({
      bus,
      clock: io.clock,
      log,
      plan,
      device,
      waitMs: args.wait * 1000,
      deadlines: DEADLINES,
      signal,
      show,
      hint: (failure) => hintFor(failure, sceneOf(io, args.bus, undefined)),
      checked: args.check,
      reading: {
        partitions,
        save: (partition) => createPartitionFile(join(folder, partitionFileName(partition))),
      },
    }),
  );
  if (exitCode === EXIT.ok) {
    const saved = new Map(rows.map((row, index) => [row, names[index] as string]));
    await writeFile(join(folder, FLASH_BACK), flashBackText(layout, saved));
  }
  return exitCode;
}

/** Every partition unselected: U-Boot then neither writes a partition table nor erases anything (FINDINGS §4). */
function writesNothing(layout: Layout): Layout {
  const { rows } = selectOnly(layout, new Set());
  return { ...layout, rows: rows.map((row) => (isStorageRow(row) ? { ...row, binary: NO_BINARY } : row)) };
}

async function openPlan(
  layout: Layout,
  args: ReadArguments,
  context: CommandContext,
  sources: OpenSource[],
): Promise<Plan> {
  const { io, log } = context;
  const notice = (text: string) => log.info({}, text);
  const expanding = { notice, measured: new Map() };
  const search = searchPath(args.layout, args.images ?? [], io.cwd, args.allowOutside ?? false);
  const files = await describeFiles(layout, search, describerOfSent(expanding));
  if (args.check) await preflight(layout, files, context, { json: true, partial: true });
  return makePlan({
    layout,
    images: await openImages({ layout, files }, () => expanding, sources),
    header: args.layoutHeader,
    oldUboot: wantsHeader(layout, files),
    families: args.check ? fsblFamilies(layout, files) : undefined,
  });
}
