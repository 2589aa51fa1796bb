import type { Log } from '../base/log.ts';
import { printable } from '../base/printable.ts';
import type { Out } from './io.ts';

/** The log, whose warnings and errors stand on stderr as well: a server has nobody else whom it could tell. */
export function spokenLog(log: Log, stderr: Out): Log {
  const say = (word: string, fields: object, message: string) =>
    stderr.write(`${word}: ${printable(lineOf(fields, message))}\n`);
  return {
    debug: (fields, message) => log.debug(fields, message),
    info: (fields, message) => log.info(fields, message),
    warn: (fields, message) => {
      log.warn(fields, message);
      say('warning', fields, message);
    },
    error: (fields, message) => {
      log.error(fields, message);
      say('error', fields, message);
    },
  };
}

/** Who, what and why, as far as the fields of the line tell. */
function lineOf(fields: object, message: string): string {
  const { serial, client, reason, text, why, err } = fields as Readonly<Record<string, unknown>>;
  const who = serial ?? client;
  const cause = reason ?? text ?? why ?? (err instanceof Error ? err.message : undefined);
  return `${who === undefined ? '' : `${who}: `}${message}${cause === undefined ? '' : `: ${cause}`}`;
}
