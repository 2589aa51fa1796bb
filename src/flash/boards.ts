import type { Clock } from '../base/clock.ts';
import { deadlineIn } from '../base/deadline.ts';
import { isPhaselineError, PhaselineError } from '../base/errors.ts';
import { openDfu } from '../dfu/interface.ts';
import { type Board, identifyBoard, isStDfu, mayBeBoard } from '../stm32/board.ts';
import type { UsbBus, UsbDeviceInfo } from '../usb/port.ts';
import { type Connection, connect } from './connection.ts';

/** `--device`. */
export type BoardSelector =
  | { readonly by: 'serial'; readonly serial: string }
  | { readonly by: 'port'; readonly port: string };

/**
 * A device of ST in DFU mode, and what it says of itself; `problem` when it could not be asked. Neither
 * for what cannot be a board and was left alone.
 */
export interface Seen {
  readonly info: UsbDeviceInfo;
  readonly board?: Board;
  readonly problem?: PhaselineError;
}

/** Everything on the bus that may be an STM32 board, microcontrollers included (as `other`). Nothing stays open. */
export async function scanBoards(bus: UsbBus, clock: Clock): Promise<Seen[]> {
  const seen: Seen[] = [];
  for (const info of (await bus.list()).filter(isStDfu)) {
    const entry = mayBeBoard(info) ? await look(bus, info, clock) : { info };
    if (entry) seen.push(entry);
  }
  return seen;
}

/** Reads one device; undefined when it left meanwhile or is not in DFU mode. */
async function look(bus: UsbBus, info: UsbDeviceInfo, clock: Clock): Promise<Seen | undefined> {
  try {
    const device = await bus.open(info);
    try {
      const dfu = await openDfu(device, { clock, timeoutMs: 5_000 });
      return dfu && { info, board: identifyBoard(dfu) };
    } finally {
      await device.close();
    }
  } catch (error) {
    if (isPhaselineError(error, 'usb/gone')) return undefined;
    if (isPhaselineError(error)) return { info, problem: error };
    throw error;
  }
}

/**
 * The one board to flash, open. With a selector that board; without one the only board there is: of
 * several none is guessed. Waits up to `waitMs` for it to appear.
 * Fails with `board/none`, `board/several`, and for a board that cannot be opened with its reason.
 */
export async function findBoard(
  bus: UsbBus,
  clock: Clock,
  selector: BoardSelector | undefined,
  waitMs: number,
  signal: AbortSignal,
): Promise<Connection> {
  const deadline = deadlineIn(clock, waitMs);
  for (;;) {
    signal.throwIfAborted();
    const verdict = await openOnly(bus, clock, selector);
    if (!(verdict instanceof PhaselineError)) return verdict;
    // Several boards stay several; a board or a server that is not there yet, or not yet accessible, may come.
    if (verdict.code === 'board/several' || deadline.passed()) throw verdict;
    await bus.waitForChange(Math.min(200, Math.max(1, deadline.remaining())));
  }
}

/** That board, open; or why it cannot be had just now. */
async function openOnly(
  bus: UsbBus,
  clock: Clock,
  selector: BoardSelector | undefined,
): Promise<Connection | PhaselineError> {
  try {
    const verdict = choose(await candidates(bus, clock, selector), selector, bus.name);
    if (verdict instanceof PhaselineError) return verdict;
    return (await connect(bus, verdict.info, clock)) ?? none([], selector, bus.name);
  } catch (error) {
    if (isPhaselineError(error, 'usb/no-bus', 'usb/gone')) return error;
    throw error;
  }
}

async function candidates(bus: UsbBus, clock: Clock, selector: BoardSelector | undefined): Promise<Seen[]> {
  if (selector?.by !== 'port') return scanBoards(bus, clock);
  const infos = (await bus.list()).filter((info) => mayBeBoard(info) && info.port === selector.port);
  const seen = await Promise.all(infos.map((info) => look(bus, info, clock)));
  return seen.filter((entry) => entry !== undefined);
}

function choose(seen: readonly Seen[], selector: BoardSelector | undefined, busName: string): Seen | PhaselineError {
  const boards = seen.filter(({ board }) => board !== undefined && board.stage !== 'other');
  const fitting = selector?.by === 'serial' ? boards.filter(({ board }) => board?.serial === selector.serial) : boards;
  const [only, ...others] = fitting;
  if (only && others.length > 0) return several(fitting);
  // A device that could not be asked might be a second board: without a name nothing is guessed.
  const unknown = seen.filter(({ problem }) => problem !== undefined);
  if (only && (unknown.length === 0 || selector)) return only;
  if (only) return several([only, ...unknown]);
  return unknown[0]?.problem ?? none(seen, selector, busName);
}

function several(boards: readonly Seen[]): PhaselineError {
  const names = boards.map(({ info, board }) =>
    board?.serial ? `serial:${board.serial} (port:${info.port})` : `port:${info.port}`,
  );
  return new PhaselineError('board/several', `${boards.length} boards are there: ${names.join(', ')}`, {
    boards: names,
  });
}

function none(seen: readonly Seen[], selector: BoardSelector | undefined, busName: string): PhaselineError {
  const wanted = selector ? ` ${selector.by}:${selector.by === 'serial' ? selector.serial : selector.port}` : '';
  const boards = seen.filter(({ board }) => board !== undefined && board.stage !== 'other').length;
  const others = seen.length - boards;
  const there = [
    ...(boards > 0 ? [`${boards} with another serial number`] : []),
    ...(others > 0 ? [`${others} other STM32 in DFU mode, nothing to flash`] : []),
  ];
  const besides = there.length > 0 ? ` (${there.join(', ')})` : '';
  return new PhaselineError('board/none', `no STM32 MPU board${wanted} found on ${busName}${besides}`, {
    boards,
    others,
    ...(selector && { selector: selector.by }),
  });
}
