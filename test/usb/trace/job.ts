import { memoryBytes } from '../../../src/base/bytes.ts';
import type { Clock } from '../../../src/base/clock.ts';
import { silentLog } from '../../../src/base/log.ts';
import { VirtualClock } from '../../../src/base/virtual-clock.ts';
import { DEADLINES } from '../../../src/flash/deadlines.ts';
import type { ResultEvent } from '../../../src/flash/events.ts';
import { flashBoard } from '../../../src/flash/flash-board.ts';
import { makePlan } from '../../../src/flash/plan.ts';
import { parseLayout } from '../../../src/layout/parse.ts';
import { SimulatedBoard } from '../../../src/simulator/board.ts';
import { parseFault } from '../../../src/simulator/faults/parse.ts';
import type { BoardSettings } from '../../../src/simulator/hardware.ts';
import { boardProfile } from '../../../src/simulator/profiles.ts';
import type { Family } from '../../../src/stm32/chips.ts';
import type { UsbBus } from '../../../src/usb/port.ts';
import { recordBus } from '../../../src/usb/trace/record.ts';
import { traceBus } from '../../../src/usb/trace/replay.ts';
import { bootFiles, layoutText } from '../../flash/layouts.ts';
import { makePattern } from '../../image/make.ts';
import { lateBus } from './late-bus.ts';

export const BOARDS = { mp15: 'stm32mp157c-dk2', mp13: 'stm32mp135f-dk', mp25: 'stm32mp257f-ev1' } as const;
export type OnFamily = keyof typeof BOARDS;

/** What went over the bus of a job, and how it ended. */
export interface Job {
  readonly lines: readonly string[];
  readonly result: ResultEvent;
}

export interface HowToFlash {
  readonly window?: number;
  /** Ms after which the host hears of each answer. */
  readonly lateMs?: number;
}

function planFor(family: Family) {
  const { rows, images } = bootFiles(family);
  const files = { ...images, 'card.img': makePattern(300_001, 5) };
  return makePlan({
    layout: parseLayout(layoutText(...rows, 'P 0x10 sdcard RawImage mmc0 0x0 card.img')),
    images: new Map(Object.entries(files).map(([name, data]) => [name, memoryBytes(data)])),
    header: 'auto',
    oldUboot: false,
  });
}

/** Flashes the boot files and a card image of 74 blocks, with a trace. */
export async function flashOver(
  bus: UsbBus,
  clock: Clock,
  family: Family,
  { window, lateMs = 0 }: HowToFlash = {},
): Promise<Job> {
  const lines: string[] = [];
  const recorded = recordBus(lateBus(bus, clock, lateMs), clock, (line) => lines.push(line));
  const result = await flashBoard({
    bus: recorded,
    clock,
    log: silentLog,
    plan: planFor(family),
    device: undefined,
    waitMs: 5_000,
    deadlines: DEADLINES,
    ...(window === undefined ? {} : { window }),
    signal: new AbortController().signal,
    checked: true,
    show: () => undefined,
  });
  await recorded.close();
  return { lines, result };
}

/** A board that has just got power. */
export function boardOf(
  family: OnFamily,
  clock: Clock,
  faults: readonly string[] = [],
  settings: Partial<BoardSettings> = {},
): SimulatedBoard {
  const profile = boardProfile(BOARDS[family]);
  const board = new SimulatedBoard({ profile, clock, faults: faults.map(parseFault), settings });
  board.powerOn();
  return board;
}

/** The same job over the trace of another one. */
export function replayed({ lines }: Pick<Job, 'lines'>, family: Family, how: HowToFlash = {}): Promise<Job> {
  const clock = new VirtualClock();
  return flashOver(traceBus(`${lines.join('\n')}\n`, clock), clock, family, how);
}
