import { deadlineIn } from '../base/deadline.ts';
import { isPhaselineError, PhaselineError } from '../base/errors.ts';
import { mayBeBoard } from '../stm32/board.ts';
import type { UsbDeviceInfo } from '../usb/port.ts';
import { type Connection, connect, hasReenumerated } from './connection.ts';
import type { NextStage } from './decide.ts';
import type { FlashJob } from './job.ts';

/** What a board comes back as, after which step. */
export type Awaited = NextStage | 'reset' | 'replug' | 'retry';

const WAITING_FOR: Readonly<Record<Awaited, string>> = {
  'rom-tfa': 'TF-A after the FSBL',
  'tfa-tfa': 'TF-A after the DDR firmware',
  'tfa-uboot': 'U-Boot after TF-A',
  layout: 'U-Boot after the FlashLayout',
  reset: 'the ROM after the reset',
  replug: 'the cable',
  retry: 'the ROM of a board that failed',
};

/** Between two looks at a device that is about to leave. */
const LEAVE_PAUSE_MS = 20;
const PROBE_MS = 1_000;
/** The longest pause between two looks at the bus. */
const LOOK_PAUSE_MS = 200;
/** A gadget that has just appeared may give its strings late (protocol.md §1.4, `UNKNOWN` names). */
const NAMES_MS = 3_000;

/**
 * Waits until the board of `old` has left the bus, closes it, and waits until it is back: on the same
 * port, or elsewhere under the same serial number. The old device is never taken for the new one: it
 * has left when its own handle says so, or when the bus no longer lists it (a re-used address would
 * hide the latter). Fails with `board/lost` and says what was waited for.
 */
export async function followBoard(
  job: FlashJob,
  old: Connection,
  awaited: Awaited,
  comeBackMs: number = job.deadlines.comeBackMs[awaited],
): Promise<Connection> {
  const what = `waiting for ${WAITING_FOR[awaited]}`;
  const before = await listed(job, what);
  await waitUntilGone(job, old, what);
  await old.device.close();
  const others = before.filter(({ key }) => key !== old.device.info.key);
  return waitUntilBack(job, old, others, { awaited, comeBackMs });
}

async function waitUntilGone(job: FlashJob, old: Connection, what: string): Promise<void> {
  const deadline = deadlineIn(job.clock, job.deadlines.leaveMs);
  const { key } = old.device.info;
  while (!deadline.passed()) {
    job.signal.throwIfAborted();
    const isThere = (await listed(job, what)).some((info) => info.key === key);
    if (!isThere || (await hasLeft(old))) return;
    await job.clock.sleep(LEAVE_PAUSE_MS);
  }
  const seconds = job.deadlines.leaveMs / 1000;
  const text = `the board did not leave the bus within ${seconds} s (${what})`;
  throw new PhaselineError('board/lost', text, { awaited: 'leave', port: old.board.port });
}

/** What is on the bus. A bus that ends in the middle of a job takes the board with it: that is a lost link. */
async function listed(job: FlashJob, what: string): Promise<readonly UsbDeviceInfo[]> {
  try {
    return await job.bus.list();
  } catch (error) {
    if (!isPhaselineError(error, 'usb/no-bus')) throw error;
    throw new PhaselineError('board/lost', `the bus is gone (${what}): ${error.message}`, error.details, error);
  }
}

/** Asks the old handle for two bytes that every device can give; one that has left cannot even fail otherwise. */
async function hasLeft(old: Connection): Promise<boolean> {
  try {
    await old.device.controlIn({ requestType: 0x80, request: 0, value: 0, index: 0 }, 2, PROBE_MS);
    return false;
  } catch (error) {
    return isPhaselineError(error, 'usb/gone');
  }
}

async function waitUntilBack(
  job: FlashJob,
  old: Connection,
  others: readonly UsbDeviceInfo[],
  { awaited, comeBackMs }: { readonly awaited: Awaited; readonly comeBackMs: number },
): Promise<Connection> {
  const deadline = deadlineIn(job.clock, comeBackMs);
  let lastProblem: unknown;
  while (!deadline.passed()) {
    job.signal.throwIfAborted();
    try {
      const back = await lookFor(job, old, others);
      if (back) return back;
    } catch (error) {
      // Not there yet, or udev has not yet given it to us: all of that may pass until the deadline.
      if (!isPhaselineError(error) || isPhaselineError(error, 'board/other-device', 'trace/differs')) throw error;
      lastProblem = error;
    }
    await job.bus.waitForChange(Math.min(LOOK_PAUSE_MS, Math.max(1, deadline.remaining())));
  }
  if (isPhaselineError(lastProblem, 'usb/access', 'usb/busy')) throw lastProblem;
  const reason = isPhaselineError(lastProblem) ? `: ${lastProblem.message}` : '';
  const instead = await inItsPlace(job, old);
  const place = instead === undefined ? '' : `; its port ${old.board.port} now has ${instead}`;
  const text = `the board did not come back within ${comeBackMs / 1000} s (waiting for ${WAITING_FOR[awaited]})`;
  const evidence = { reenumerated: hasReenumerated(old.board), ...(instead && { instead }) };
  const details = { awaited, waitedMs: comeBackMs, port: old.board.port, ...evidence };
  throw new PhaselineError('board/lost', `${text}${place}${reason}`, details, lastProblem);
}

/** What else sits on the board's port, as `0483:0afb`: U-Boot may have started another gadget. */
async function inItsPlace(job: FlashJob, old: Connection): Promise<string | undefined> {
  const there = await job.bus.list().catch(() => []);
  const info = there.find(({ port }) => port === old.board.port);
  return info && [info.vendorId, info.productId].map((id) => id.toString(16).padStart(4, '0')).join(':');
}

/** The board on its old port, else a newly come one with its serial number; a board of somebody else is left alone. */
async function lookFor(
  job: FlashJob,
  old: Connection,
  others: readonly UsbDeviceInfo[],
): Promise<Connection | undefined> {
  const known = new Set(others.map(({ key }) => key));
  const there = (await job.bus.list()).filter((info) => mayBeBoard(info));
  const samePort = there.find(({ port }) => port === old.board.port);
  if (samePort) {
    const connection = await connectNamed(job, samePort);
    return connection && accept(job, old, connection);
  }
  for (const info of there.filter(({ key }) => !known.has(key))) {
    const connection = await connectNamed(job, info);
    if (connection && connection.board.serial === old.board.serial && old.board.serial !== undefined) return connection;
    await connection?.device.close();
  }
  return undefined;
}

/** Connects, and once more when the alternates have no names yet. */
async function connectNamed(job: FlashJob, info: UsbDeviceInfo): Promise<Connection | undefined> {
  const deadline = deadlineIn(job.clock, NAMES_MS);
  for (;;) {
    const connection = await connect(job.bus, info, job.clock);
    const unnamed = connection?.board.alternates.some(({ name }) => name === undefined || name.includes('UNKNOWN'));
    if (!unnamed || deadline.passed()) return connection;
    await connection?.device.close();
    await job.clock.sleep(LEAVE_PAUSE_MS);
  }
}

/** U-Boot's environment may give a board another serial number; a board that was named by it must keep it. */
async function accept(job: FlashJob, old: Connection, back: Connection): Promise<Connection> {
  const { serial } = back.board;
  const sameFamily = back.board.deviceId === old.board.deviceId;
  const named = job.device?.by === 'serial' ? job.device.serial : undefined;
  if (sameFamily && (named === undefined || serial === named)) {
    if (serial !== old.board.serial) {
      const message = `the serial number changed from ${old.board.serial} to ${serial} on port ${back.board.port}`;
      job.emit({ event: 'warning', message });
    }
    return back;
  }
  await back.device.close();
  const was = `${old.board.serial}, device id 0x${old.board.deviceId?.toString(16)}`;
  const is = `${serial}, device id 0x${back.board.deviceId?.toString(16)}`;
  throw new PhaselineError('board/other-device', `port ${back.board.port} held ${was} and now holds ${is}`);
}
