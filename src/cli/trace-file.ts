import { closeSync, openSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { PhaselineError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { UsbBus } from '../usb/port.ts';
import { recordBus } from '../usb/trace/record.ts';
import type { CommandContext } from './command.ts';
import { openBus } from './open-bus.ts';
import { reasonOf } from './reason.ts';

/**
 * The bus that `--bus` names, and every transfer over it in the file that `--trace` names; closed with it.
 * Errors: those of openBus, and usage/arguments when the file cannot be created.
 */
export async function openTracedBus(
  { bus: text, trace }: { readonly bus: string; readonly trace: string | undefined },
  { io, log }: CommandContext,
): Promise<UsbBus> {
  if (trace === undefined) return openBus(text, io.clock, log);
  const file = createTrace(resolve(io.cwd, trace), log);
  try {
    const bus = recordBus(await openBus(text, io.clock, log), io.clock, file.write);
    return {
      ...bus,
      async close() {
        await bus.close();
        file.close();
      },
    };
  } catch (error) {
    file.close();
    throw error;
  }
}

interface TraceFile {
  readonly write: (line: string) => void;
  close(): void;
}

/** A line is in the file before the next transfer starts: a process that is killed leaves all but its last one. */
function createTrace(path: string, log: Log): TraceFile {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'w');
  } catch (error) {
    throw new PhaselineError('usage/arguments', `the trace ${path} cannot be written: ${reasonOf(error)}`, {}, error);
  }
  const close = () => {
    if (descriptor !== undefined) closeSync(descriptor);
    descriptor = undefined;
  };
  return {
    write: (line) => {
      if (descriptor === undefined) return;
      try {
        writeSync(descriptor, `${line}\n`);
      } catch (error) {
        // A full disk must not stop a flash job.
        log.warn({ path, reason: reasonOf(error) }, 'the trace ends here');
        close();
      }
    },
    close,
  };
}
