import { isTransfer, type TransferLine } from './lines.ts';
import type { NumberedLine } from './parse.ts';

/** More than can be under way at a time: two transfers a block, 64 blocks (dfu/send-windowed.ts). */
const MOST_LINES = 200;
/** So much later than a failure is written down a busy host may hear of it. */
const HEARD_MS = 20;

/** A transfer that failed in a queue. */
interface QueueFailure {
  readonly line: TransferLine;
  /** What that queue repeats: the requests of the failed transfer and of its neighbour. */
  readonly kinds: readonly string[];
}

/**
 * How many lines from `at` on, the next one to be asked for, the recording host had queued before it
 * heard of a failure. How many that were is a matter of who was faster: a host that hears of it sooner
 * asks for fewer of them before it goes on behind them. 0 where no queue has failed.
 */
export function backlogAt(lines: readonly NumberedLine[], at: number): number {
  const failure = failureAt(lines, at);
  if (!failure) return 0;
  const rest = lines.slice(at, at + MOST_LINES);
  const end = rest.findIndex(({ line }) => !isTransfer(line) || !isQueuedBehind(line, failure));
  return end < 0 ? rest.length : end;
}

/**
 * The last failure before `at`. One at `at` counts as well: a status that ends a DFU download is an answer
 * like any other to a trace, and what is behind it in the queue is stalled.
 */
function failureAt(lines: readonly NumberedLine[], at: number): QueueFailure | undefined {
  for (let index = at; index >= 0 && index > at - MOST_LINES; index -= 1) {
    const line = transferAt(lines, index);
    if (!line && index < at) return undefined;
    if (!line || line.status === 'OK') continue;
    const neighbour = queuedWith(lines, index, line);
    return neighbour && { line, kinds: [kindOf(line), kindOf(neighbour)] };
  }
  return undefined;
}

/** The transfer before or behind `line` that was under way together with it. */
function queuedWith(lines: readonly NumberedLine[], index: number, line: TransferLine): TransferLine | undefined {
  const before = transferAt(lines, index - 1);
  if (before && line.startMs <= before.endMs) return before;
  const behind = transferAt(lines, index + 1);
  return behind && behind.startMs <= line.endMs ? behind : undefined;
}

function isQueuedBehind(line: TransferLine, { line: failed, kinds }: QueueFailure): boolean {
  if (line.device !== failed.device || !kinds.includes(kindOf(line))) return false;
  return line.startMs <= failed.endMs + HEARD_MS || line.status === 'ENODEV';
}

function transferAt(lines: readonly NumberedLine[], index: number): TransferLine | undefined {
  const line = lines[index]?.line;
  return line && isTransfer(line) ? line : undefined;
}

/** A request without what changes from block to block. */
function kindOf({ setup, bulk }: TransferLine): string {
  return setup ? `${setup[0]} ${setup[1]}` : `bulk ${bulk?.[0]}`;
}
