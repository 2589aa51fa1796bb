import type { Writable } from 'node:stream';
import { type Clock, realClock } from '../base/clock.ts';
import type { System } from '../doctor/system.ts';

/** One output stream as the commands see it. */
export interface Out {
  write(text: string): void;
  readonly isTTY: boolean;
  readonly columns: number;
  /** The stream itself, for what draws on a terminal. */
  readonly stream: Writable;
}

export type StopSignal = 'SIGINT' | 'SIGTERM';

/** The process around a command: tests hand in their own. */
export interface Io {
  readonly stdout: Out;
  readonly stderr: Out;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly clock: Clock;
  /** Whether a question could be answered. */
  readonly interactive: boolean;
  /** The machine that doctor and udev deal with, where it is not the one we run on. */
  readonly system?: System;
  /** Calls `handler` at Ctrl-C and SIGTERM instead of ending the process; returns how to stop that. */
  onStop(handler: (signal: StopSignal) => void): () => void;
  /** Ends the process here and now, with a terminal that shows its cursor; with the code it would have had. */
  leave(exitCode?: number): void;
}

function outOf(stream: NodeJS.WriteStream): Out {
  // A reader that went away (`| head`) must not end the job: what is flashed goes on being flashed.
  stream.on('error', () => undefined);
  return {
    write: (text) => void stream.write(text),
    isTTY: stream.isTTY ?? false,
    get columns() {
      return stream.columns ?? 80;
    },
    stream,
  };
}

/** Bars hide it (DECTCEM). */
const SHOW_CURSOR = '\x1b[?25h\n';

export function processIo(): Io {
  const stdout = outOf(process.stdout);
  return {
    stdout,
    stderr: outOf(process.stderr),
    env: process.env,
    cwd: process.cwd(),
    clock: realClock,
    interactive: process.stdin.isTTY ?? false,
    onStop: (handler) => {
      const onSigint = () => handler('SIGINT');
      const onSigterm = () => handler('SIGTERM');
      process.on('SIGINT', onSigint);
      process.on('SIGTERM', onSigterm);
      return () => {
        process.off('SIGINT', onSigint);
        process.off('SIGTERM', onSigterm);
      };
    },
    leave: (exitCode) => {
      if (stdout.isTTY) stdout.write(SHOW_CURSOR);
      process.exit(exitCode);
    },
  };
}
