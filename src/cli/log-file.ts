import { closeSync, openSync, writeSync } from 'node:fs';
import { PhaselineError } from '../base/errors.ts';
import { type Log, silentLog } from '../base/log.ts';
import { harmlessJson } from '../base/printable.ts';
import { reasonOf } from './reason.ts';

export interface LogFile {
  readonly log: Log;
  close(): void;
}

/**
 * The log that `--log-file` asks for; without it nothing is logged.
 * @throws PhaselineError usage/arguments when the file cannot be created. A disk that fills later
 *   silences the log, which `tell` is told once, and stops nothing.
 */
export async function openLogFile(
  path: string | undefined,
  level: string,
  tell: (warning: string) => void,
): Promise<LogFile> {
  if (path === undefined) return { log: silentLog, close: () => undefined };
  const { pino } = await import('pino');
  let descriptor: number;
  try {
    descriptor = openSync(path, 'a');
  } catch (error) {
    throw new PhaselineError(
      'usage/arguments',
      `the log file ${path} cannot be written: ${reasonOf(error)}`,
      {},
      error,
    );
  }
  let full = false;
  const write = (line: string) => {
    if (full) return;
    try {
      writeSync(descriptor, harmlessJson(line));
    } catch (error) {
      full = true; // a full disk must not stop a flash job
      tell(`the log file ${path} ends here: ${reasonOf(error)}`);
    }
  };
  return {
    log: pino({ level, timestamp: pino.stdTimeFunctions.isoTime }, { write }),
    close: () => closeSync(descriptor),
  };
}
