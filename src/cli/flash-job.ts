import { resolve } from 'node:path';
import { EXIT } from '../base/error-codes.ts';
import { PhaselineError } from '../base/errors.ts';
import { jsonText, printable } from '../base/printable.ts';
import type { BoardSelector } from '../flash/boards.ts';
import type { FramedEvent, ResultEvent } from '../flash/events.ts';
import { type FlashRequest, flashBoard } from '../flash/flash-board.ts';
import { makePlan, type Plan, type PlanRequest } from '../flash/plan.ts';
import { refuseUnverifiable } from '../flash/verify.ts';
import { parseCNumber } from '../layout/number.ts';
import { decodeLayout, type Layout, parseLayout } from '../layout/parse.ts';
import { isProgrammed } from '../layout/phases.ts';
import { selectOnly } from '../layout/select-only.ts';
import type { ExpandOptions } from '../source/expand.ts';
import type { OpenSource } from '../source/open-file.ts';
import { bmapChoice } from './bmap-choice.ts';
import { fsblFamilies, wantsHeader } from './boot-facts.ts';
import { bundleSuggestion } from './bundle/suggestion.ts';
import type { CommandContext } from './command.ts';
import type { FlashArguments } from './commands/flash.ts';
import { confirm } from './confirm.ts';
import { deadlinesOf } from './deadlines.ts';
import { asFailure } from './failure.ts';
import { hintFor } from './hints.ts';
import { journalFile, journalFolder } from './journal-file.ts';
import { describeFiles, describerOfSent, readLayoutBytes, searchPath } from './layout-files.ts';
import { onBoard } from './on-board.ts';
import { openImages } from './open-images.ts';
import { preflight } from './preflight.ts';
import { eventReader } from './render/event-reader.ts';
import { planJson, planText } from './render/plan-text.ts';
import { type JobRecord, openRecord, type Verdict } from './report/record.ts';
import { resumedJob } from './resumed-job.ts';
import { type JobFiles, sceneOf } from './scene.ts';
import { parseSelector } from './selector.ts';

/** `phaseline flash`: reads and checks everything, asks where a device would be wiped, then flashes one board. */
export async function flashJob(args: FlashArguments, context: CommandContext): Promise<number> {
  const { io, log } = context;
  const { clock } = io;
  const reader = eventReader(io, args);
  const startedAt = clock.now();
  let record: JobRecord | undefined;
  let verdict: Verdict | undefined;
  let bug: PhaselineError | undefined;
  let job: JobFiles | undefined;
  const hint = (failure: PhaselineError) =>
    [hintFor(failure, sceneOf(io, args.bus, job)), bundleSuggestion(failure, args) ?? []].flat().join('. ');
  const show = (event: FramedEvent) => {
    record?.see(event);
    // A verdict is shown when everything is closed and its record is on the disk.
    if (event.event === 'result') verdict = event;
    else {
      if (event.event !== 'progress') log.info(event, event.event);
      reader.show(event);
    }
  };
  const sources: OpenSource[] = [];
  const notice = (text: string) => {
    log.info({}, text);
    if (!args.quiet) io.stderr.write(`${printable(text)}\n`);
  };
  const expanding: ExpandOptions = { notice, measured: new Map() };
  try {
    if (args.resume && args.dryRun) {
      throw new PhaselineError('usage/arguments', '--resume asks a board what is finished, and --dry-run touches none');
    }
    record = await openRecord(args.dryRun ? {} : args, context);
    const device = args.device === undefined ? undefined : parseSelector(args.device);
    job = await prepare(args, context, record, expanding);
    if (args.check) {
      const how = { json: args.json ?? false, partial: args.only !== undefined };
      for (const warning of await preflight(job.layout, job.files, context, how)) record.warned(warning);
    }
    const request = await planRequest(job, { args, cwd: io.cwd, expanding }, sources);
    const plan = makePlan(request);
    if (args.verify === 'readback') refuseUnverifiable(plan);
    if (args.dryRun) {
      io.stdout.write(args.json ? `${jsonText(planJson(plan, args.verify))}\n` : planText(plan, args.verify));
      return EXIT.ok;
    }
    if (!args.resume) await confirmWipes(plan, args, context);
    await flashPlan({ request, plan, device }, args, context, { show, hint });
  } catch (error) {
    const failure = asFailure(error);
    log.error({ code: failure.code, details: failure.details, stack: failure.stack }, failure.message);
    if (args.dryRun && !args.json) throw failure;
    if (failure.code === 'bug/unexpected') bug = failure;
    const seconds = (clock.now() - startedAt) / 1000;
    const sofar: Verdict = verdict ?? { time: clock.date().toISOString(), ...NOTHING, seconds, checked: args.check };
    if (sofar.ok) verdict = { ...sofar, ...failed(failure), hint: hint(failure) };
  } finally {
    for (const source of sources) await source.close();
    if (verdict && record) verdict = await record.close(verdict);
    if (verdict && !(bug && !args.json)) {
      log.info(verdict, 'result');
      reader.show(verdict);
    }
    reader.close();
  }
  if (bug) throw bug; // its stack belongs to stderr
  return verdict?.exitCode ?? EXIT.ok;
}

async function prepare(
  args: FlashArguments,
  context: CommandContext,
  record: JobRecord,
  expanding: ExpandOptions,
): Promise<JobFiles> {
  const { io } = context;
  const bytes = await readLayoutBytes(resolve(io.cwd, args.layout), args.layout);
  record.layoutRead(args.layout, bytes);
  const whole = parseLayout(decodeLayout(bytes), args.layout);
  const layout = args.only ? selectOnly(whole, onlyIds(args.only, whole)) : whole;
  const files = await describeFiles(
    layout,
    searchPath(args.layout, args.images ?? [], io.cwd, args.allowOutside ?? false),
    describerOfSent(expanding),
  );
  return { layout, files };
}

async function planRequest(
  { layout, files }: JobFiles,
  { args, cwd, expanding }: { readonly args: FlashArguments; readonly cwd: string; readonly expanding: ExpandOptions },
  sources: OpenSource[],
): Promise<PlanRequest> {
  const bmapOf = bmapChoice(args.bmap ?? [], layout, cwd);
  const images = await openImages({ layout, files }, (binary) => ({ ...expanding, bmap: bmapOf(binary) }), sources);
  return {
    layout,
    images,
    header: args.layoutHeader,
    oldUboot: wantsHeader(layout, files),
    families: args.check ? fsblFamilies(layout, files) : undefined,
    skipHoles: args.skip,
  };
}

async function confirmWipes(plan: Plan, args: FlashArguments, { io }: CommandContext): Promise<void> {
  if (plan.wipes.length === 0 || args.yes) return;
  const what = `all of ${plan.wipes.join(', ')} will be erased`;
  if (io.interactive && !args.json && (await confirm(`${what}. Go on?`))) return;
  throw new PhaselineError('usage/confirm', what);
}

interface WantedJob {
  readonly request: PlanRequest;
  readonly plan: Plan;
  readonly device: BoardSelector | undefined;
}

async function flashPlan(
  wanted: WantedJob,
  args: FlashArguments,
  context: CommandContext,
  { show, hint }: Required<Pick<FlashRequest, 'show' | 'hint'>>,
): Promise<void> {
  const { io, log } = context;
  const { clock } = io;
  const folder = journalFolder(args.logFile, io);
  const waitMs = args.wait * 1000;
  await onBoard(args, context, async (bus, signal) => {
    const job = args.resume
      ? await resumedJob(bus, { ...wanted, clock, waitMs, signal, folder, show })
      : { plan: wanted.plan, device: wanted.device };
    if (args.resume) await confirmWipes(job.plan, args, context);
    await flashBoard({
      bus,
      clock,
      log,
      ...job,
      waitMs,
      deadlines: deadlinesOf(args),
      retries: args.retries,
      window: args.window,
      replug: args.resume !== false,
      ...(folder !== undefined && { journal: journalFile(folder, log) }),
      signal,
      show,
      hint,
      checked: args.check,
      verify: args.verify,
    });
  });
}

function onlyIds(texts: readonly string[], layout: Layout): ReadonlySet<number> {
  const ids = texts
    .flatMap((text) => text.split(','))
    .map((text) => {
      const id = parseCNumber(text);
      const row = layout.rows.find((candidate) => candidate.id === id);
      if (id === undefined || !row) {
        throw new PhaselineError('usage/arguments', `--only ${text}: the layout has no such id`);
      }
      if (isProgrammed(row)) return id;
      throw new PhaselineError('usage/arguments', `--only ${text}: the layout writes nothing to ${row.name ?? 'it'}`);
    });
  return new Set(ids);
}

/** A job that has not begun. */
export const NOTHING: Omit<ResultEvent, 'seconds' | 'checked'> = {
  event: 'result',
  ok: true,
  exitCode: EXIT.ok,
  code: 'ok',
  message: '',
  hint: '',
  bytes: 0,
  phases: [],
  verified: 'none',
  attempts: [],
};

export function failed(failure: PhaselineError) {
  const { exitCode, code, message } = failure;
  return { ok: false, exitCode, code, message };
}
