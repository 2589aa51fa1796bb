import { DFU_REQUEST } from '../../src/dfu/constants.ts';
import type { FramedEvent, StageName } from '../../src/flash/events.ts';
import type { Setup } from '../../src/simulator/gadget.ts';
import { flash } from '../flash/harness.ts';
import { fileBench } from './bench.ts';
import { firstDifference } from './landed.ts';
import type { Way } from './ways.ts';

/** Where in the work on a phase a transfer lies. */
export const PLACES = [
  'before',
  'select',
  'first-block',
  'middle-block',
  'middle-status',
  'last-block',
  'zero-block',
  'manifest',
  'after',
] as const;
export type Place = (typeof PLACES)[number];

/** A transfer of a flash without faults, by its number since the board was switched on. */
export interface Moment {
  readonly transfer: number;
  /** `rom`, `tfa`, `uboot` (first enumeration), `storage` (the second one). */
  readonly stage: Stage;
  /** `0x10`. */
  readonly phase: string;
  readonly place: Place;
}

export const STAGES = ['rom', 'tfa', 'uboot', 'storage'] as const;
export type Stage = (typeof STAGES)[number];

interface Seen {
  readonly transfer: number;
  readonly setup: Setup;
}

interface Work {
  readonly phase: string;
  readonly stage: Stage;
  readonly from: number;
  to: number;
}

/** Blocks one by one, so that a transfer's number is the same in every run. */
export const WINDOW = 1;

/** Flashes the way without faults and names the transfers that matter: nine for each phase. */
export async function momentsOf(way: Way): Promise<readonly Moment[]> {
  const bench = fileBench(way, []);
  const seen: Seen[] = [];
  const { connector } = bench.board;
  const inner = connector.intercept;
  connector.intercept = (request, proceed) => {
    seen.push({ transfer: seen.length + 1, setup: request.setup });
    return inner ? inner(request, proceed) : proceed();
  };
  const works: Work[] = [];
  let program: StageName = 'rom';
  const note = (event: FramedEvent) => {
    if (event.event === 'stage') program = event.stage;
    if (event.event === 'phase')
      works.push({ phase: event.id, stage: stageOf(program, event.id), from: seen.length, to: 0 });
    const work = works.at(-1);
    if (event.event === 'phase-done' && work) work.to = seen.length;
  };
  try {
    const { result } = await flash(bench, { ...way, window: WINDOW, show: note });
    const difference = firstDifference(bench.folder, way.landings, way.images);
    if (!result.ok || difference) throw new Error(`${way.name} does not even flash: ${result.message} ${difference}`);
  } finally {
    bench.clear();
  }
  const moments = works.flatMap((work) => placesOf(work, seen));
  // One block may be the first and the last, the question after a phase the one before the next.
  return moments.filter(({ transfer }, at) => moments.findIndex((other) => other.transfer === transfer) === at);
}

/** U-Boot takes the layout in its first enumeration, everything else in its second. */
function stageOf(program: StageName, phase: string): Stage {
  return program === 'uboot' && phase !== '0x00' ? 'storage' : program;
}

function placesOf({ phase, stage, from, to }: Work, seen: readonly Seen[]): Moment[] {
  const own = seen.slice(from, to);
  const blocks = own.filter(({ setup }) => isDnload(setup) && setup.length > 0);
  const zero = own.find(({ setup }) => isDnload(setup) && setup.length === 0);
  const middle = blocks[Math.floor((blocks.length - 1) / 2)];
  const places: Readonly<Record<Place, Seen | undefined>> = {
    before: seen[from - 1],
    select: own[0],
    'first-block': blocks[0],
    'middle-block': middle,
    // Behind the last block there is no middle any more.
    'middle-status': blocks.length > 1 ? middle && seen[middle.transfer] : undefined,
    'last-block': blocks.at(-1),
    'zero-block': zero,
    manifest: zero && seen[zero.transfer],
    after: seen[to],
  };
  return PLACES.flatMap((place) => {
    const transfer = places[place]?.transfer;
    return transfer === undefined ? [] : [{ transfer, stage, phase, place }];
  });
}

function isDnload({ requestType, request }: Setup): boolean {
  return requestType === 0x21 && request === DFU_REQUEST.DNLOAD;
}
