import { type Bytes, memoryBytes } from '../../src/base/bytes.ts';
import { silentLog } from '../../src/base/log.ts';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import type { BoardSelector } from '../../src/flash/boards.ts';
import { DEADLINES } from '../../src/flash/deadlines.ts';
import type { FramedEvent, ResultEvent } from '../../src/flash/events.ts';
import { type FlashRequest, flashBoard } from '../../src/flash/flash-board.ts';
import type { Journal } from '../../src/flash/journal.ts';
import type { JournalContent } from '../../src/flash/journal-text.ts';
import { type LayoutHeader, makePlan, type PlanRequest } from '../../src/flash/plan.ts';
import { resumedPlan } from '../../src/flash/resume.ts';
import { type Layout, parseLayout } from '../../src/layout/parse.ts';
import { type BoardOptions, SimulatedBoard } from '../../src/simulator/board.ts';
import { simulatedBus } from '../../src/simulator/bus.ts';
import { parseFault } from '../../src/simulator/faults/parse.ts';
import { boardProfile } from '../../src/simulator/profiles.ts';
import type { Family } from '../../src/stm32/chips.ts';
import type { UsbBus } from '../../src/usb/port.ts';

/** A simulated board on a bus of its own, under a clock whose time passes by itself. */
export interface Bench {
  readonly clock: VirtualClock;
  readonly board: SimulatedBoard;
  readonly bus: UsbBus;
}

export type BenchOptions = Partial<Omit<BoardOptions, 'profile' | 'clock' | 'faults'>> & {
  /** In the language of `--fault`. */
  readonly faults?: readonly string[];
};

/** Switches the board of that profile on. */
export function makeBench(profile: string, { faults = [], ...options }: BenchOptions = {}): Bench {
  const clock = new VirtualClock();
  const board = new SimulatedBoard({
    profile: boardProfile(profile),
    clock,
    faults: faults.map(parseFault),
    ...options,
  });
  board.powerOn();
  return { clock, board, bus: simulatedBus([board], clock) };
}

export interface FlashOptions {
  /** The layout's text. */
  readonly layout: string;
  /** Content of the files that it names. */
  readonly images: Readonly<Record<string, Uint8Array | Bytes>>;
  readonly skipHoles?: boolean;
  /** Makes another layout of what was read. */
  readonly change?: (layout: Layout) => Layout;
  readonly verify?: FlashRequest['verify'];
  readonly reading?: FlashRequest['reading'];
  readonly device?: BoardSelector;
  readonly header?: LayoutHeader;
  readonly oldUboot?: boolean;
  readonly families?: readonly Family[];
  /** What a job under another bus than the bench's own would see. */
  readonly bus?: UsbBus;
  readonly signal?: AbortSignal;
  readonly window?: number;
  readonly replug?: boolean;
  readonly retries?: number;
  readonly journal?: Journal;
  /** What an earlier job has left: this one goes on behind it. */
  readonly resume?: JournalContent;
  readonly deadlines?: Partial<FlashRequest['deadlines']>;
  /** Gets each event as it comes. */
  readonly show?: (event: FramedEvent) => void;
}

export interface FlashRun {
  readonly result: ResultEvent;
  readonly events: readonly FramedEvent[];
  /** The kinds of the events in order, each progress left out. */
  readonly story: readonly string[];
}

/** Longer than any board takes to settle after the job's last request. */
const SETTLE_MS = 30_000;

/** Flashes the board of the bench as the command line would, and lets it come to rest. */
export async function flash({ clock, bus }: Bench, options: FlashOptions): Promise<FlashRun> {
  const events: FramedEvent[] = [];
  const { layout, images, device, header = 'auto', oldUboot = false, families } = options;
  const request: PlanRequest = {
    layout: (options.change ?? ((parsed) => parsed))(parseLayout(layout, 'layout.tsv')),
    images: new Map(Object.entries(images).map(([name, data]) => [name, 'stream' in data ? data : memoryBytes(data)])),
    ...(options.skipHoles !== undefined && { skipHoles: options.skipHoles }),
    header,
    oldUboot,
    families,
  };
  const plan = options.resume ? await resumedPlan(request, options.resume) : makePlan(request);
  const result = await flashBoard({
    bus: options.bus ?? bus,
    clock,
    log: silentLog,
    plan,
    device,
    ...(options.window !== undefined && { window: options.window }),
    ...(options.replug !== undefined && { replug: options.replug }),
    ...(options.retries !== undefined && { retries: options.retries }),
    ...(options.journal !== undefined && { journal: options.journal }),
    waitMs: 10_000,
    deadlines: { ...DEADLINES, ...options.deadlines },
    signal: options.signal ?? new AbortController().signal,
    show: (event) => {
      events.push(event);
      options.show?.(event);
    },
    checked: true,
    ...(options.verify !== undefined && { verify: options.verify }),
    ...(options.reading !== undefined && { reading: options.reading }),
  });
  await clock.sleep(SETTLE_MS);
  return { result, events, story: events.flatMap(sentence) };
}

/** An event in few words: `stage rom`, `phase 0x10`, `detach uboot`. */
function sentence(event: FramedEvent): readonly string[] {
  switch (event.event) {
    case 'progress':
      return [];
    case 'board':
      return [`board ${event.family}`];
    case 'stage':
    case 'detach':
      return [`${event.event} ${event.stage}`];
    case 'phase':
    case 'phase-done':
      return [`${event.event} ${event.id}`];
    case 'resume':
      return [`resume ${event.phases.map(({ id }) => id).join()}`];
    case 'attempt':
      return [`attempt ${event.number} ${event.code}`];
    case 'warning':
      return [`warning ${event.message}`];
    case 'verify':
      return [event.step === 'planned' ? 'verify planned' : `verify ${event.step} ${event.id}`];
    case 'read':
      return [`read ${event.step} ${event.id}`];
    case 'result':
      return [`result ${event.code}`];
  }
}
