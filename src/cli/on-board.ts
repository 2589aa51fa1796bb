import { PhaselineError } from '../base/errors.ts';
import type { UsbBus } from '../usb/port.ts';
import type { CommandContext } from './command.ts';
import { openTracedBus } from './trace-file.ts';

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
    // The first time the board is left in order, which may take as long as a transfer; the second time nobody waits.
    if (stop.signal.aborted) bus.close().catch((error) => log.warn({ err: error }, 'the bus did not close'));
    const code = signal === 'SIGINT' ? 'interrupted/sigint' : 'interrupted/sigterm';
    stop.abort(new PhaselineError(code, `stopped by ${signal}`));
  });
  const timer = new AbortController();
  if (args.timeout !== undefined) {
    const { timeout } = args;
    const late = () => stop.abort(new PhaselineError('flash/deadline', `the job took longer than ${timeout} s`));
    io.clock.sleep(timeout * 1000, timer.signal).then(late, () => undefined);
  }
  try {
    return await work(bus, stop.signal);
  } finally {
    release();
    timer.abort();
    await bus.close();
  }
}
