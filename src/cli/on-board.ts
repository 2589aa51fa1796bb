import { LATE, within } from '../base/deadline.ts';
import { PhaselineError } from '../base/errors.ts';
import type { UsbBus } from '../usb/port.ts';
import type { CommandContext } from './command.ts';
import { openTracedBus } from './trace-file.ts';

/** A job whose bus was closed under it ends within that, or hangs. */
const AT_ONCE_MS = 500;
/** What is still under way when a job ends is cut off; nobody waits longer for that. */
const CLOSE_MS = 10_000;
const LINGER_MS = 2_000;

/** What every command has that deals with one board until it is done, stopped or late. */
export interface OnBoardArguments {
  readonly bus: string;
  readonly trace: string | undefined;
  /** Seconds for all of it. */
  readonly timeout: number | undefined;
}

/**
 * Opens the bus and gives it to `work`, with a signal that Ctrl-C, SIGTERM and the timeout abort; closes it
 * afterwards. Errors: those of openTracedBus and of `work`.
 */
export async function onBoard<T>(
  args: OnBoardArguments,
  context: CommandContext,
  work: (bus: UsbBus, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { io, log } = context;
  const bus = await openTracedBus(args, context);
  const stop = new AbortController();
  const release = io.onStop((signal) => {
    const interruption = new PhaselineError(
      signal === 'SIGINT' ? 'interrupted/sigint' : 'interrupted/sigterm',
      `stopped by ${signal}`,
    );
    if (stop.signal.aborted) leaveSoon(interruption);
    else io.stderr.write('stopping at the next block, to leave the board in order; once more leaves at once\n');
    stop.abort(interruption);
  });
  // The first time the board is left in order, which may take as long as a transfer; the second time nobody
  // waits: the job ends with its bus, and where even that does not end, the process does.
  function leaveSoon({ exitCode }: PhaselineError): void {
    bus.close().catch((error) => log.warn({ err: error }, 'the bus did not close'));
    const leave = () => {
      log.warn({ exitCode }, 'left without waiting for the bus');
      io.leave(exitCode);
    };
    io.clock.sleep(AT_ONCE_MS, timer.signal).then(leave, () => undefined);
  }
  const timer = new AbortController();
  if (args.timeout !== undefined) {
    const { timeout } = args;
    const late = () => stop.abort(new PhaselineError('flash/deadline', `the job took longer than ${timeout} s`));
    io.clock.sleep(timeout * 1000, timer.signal).then(late, () => undefined);
  }
  try {
    return await work(bus, stop.signal);
  } finally {
    const closed = await within(io.clock, CLOSE_MS, bus.close());
    if (closed === LATE) {
      log.warn({ waitedMs: CLOSE_MS }, 'the bus did not close');
      // It must not keep a process that has only its verdict to show.
      void io.clock.sleep(LINGER_MS).then(() => io.leave());
    }
    release();
    timer.abort();
  }
}
