import { realClock } from '../../../src/base/clock.ts';
import { DFU_REQUEST } from '../../../src/dfu/constants.ts';
import type { SimulatedBoard } from '../../../src/simulator/board.ts';
import type { ControlRequest } from '../../../src/simulator/usb-connector.ts';

/** DFU 1.1 table 3.1: a class request to the interface. */
const CLASS_OUT = 0x21;

/** What a board did from the first block of a download to its zero-length DNLOAD. */
export interface WatchedDownload {
  readonly blocks: number;
  readonly elapsedMs: number;
  /** Of it, without a request to work on: the board's own counter. */
  readonly idleMs: number;
}

/** Watches a board that is still off; gives the download of that many bytes when it is over. */
export function watchDownload(board: SimulatedBoard, imageBytes: number): () => WatchedDownload | undefined {
  const { connector } = board;
  const inner = connector.intercept;
  let current: { readonly since: number; readonly idle: number; blocks: number; bytes: number } | undefined;
  let watched: WatchedDownload | undefined;
  const look = ({ setup }: ControlRequest) => {
    if (setup.requestType !== CLASS_OUT || setup.request !== DFU_REQUEST.DNLOAD) return;
    const [now, idle] = [realClock.now(), connector.idleMs];
    if (setup.length > 0) {
      current ??= { since: now, idle, blocks: 0, bytes: 0 };
      current.blocks += 1;
      current.bytes += setup.length;
      return;
    }
    if (current?.bytes === imageBytes) {
      watched = { blocks: current.blocks, elapsedMs: now - current.since, idleMs: idle - current.idle };
    }
    current = undefined;
  };
  connector.intercept = (request, proceed) => {
    look(request);
    return inner ? inner(request, proceed) : proceed();
  };
  return () => watched;
}
