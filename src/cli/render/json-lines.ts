import type { Out } from '../io.ts';
import type { EventReader } from './reader.ts';

/** `--json`: every event as one line. */
export function jsonLines(out: Out): EventReader {
  return {
    show: ({ time, event, ...rest }) => out.write(`${JSON.stringify({ time, event, ...rest })}\n`),
    close: () => undefined,
  };
}
