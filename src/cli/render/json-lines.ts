import { jsonText } from '../../base/printable.ts';
import type { Out } from '../io.ts';
import type { EventReader } from './reader.ts';

/** `--json`: every event as one line. */
export function jsonLines(out: Out): EventReader {
  return {
    show: ({ time, event, ...rest }) => out.write(`${jsonText({ time, event, ...rest })}\n`),
    close: () => undefined,
  };
}
