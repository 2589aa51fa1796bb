import { readFile, stat } from 'node:fs/promises';
import { isPhaselineError, PhaselineError } from '../base/errors.ts';

/** Node cannot hold a longer text; a trace of that size would be of some GiB of images. */
const LIMIT_BYTES = 400 * 2 ** 20;

/** What `use` makes of the text of a trace file; failures of either name the file (usage/arguments, trace/format). */
export async function readTrace<T>(path: string, use: (text: string) => T): Promise<T> {
  let text: string;
  try {
    const stats = await stat(path);
    const { size } = stats;
    // A pipe that nobody writes to, or a device without an end, would be read for ever.
    if (!stats.isFile() && !stats.isDirectory())
      throw new PhaselineError('trace/format', 'a trace is a file, and this is none');
    if (size > LIMIT_BYTES) throw new PhaselineError('trace/format', `${size} bytes are more than a trace has`);
    text = await readFile(path, 'utf8');
    return use(text);
  } catch (error) {
    if (isPhaselineError(error, 'trace/format')) {
      throw new PhaselineError(error.code, `${path}: ${error.message}`, { ...error.details, path }, error);
    }
    const reason = (error as NodeJS.ErrnoException).code;
    if (reason === undefined) throw error;
    throw new PhaselineError('usage/arguments', `the trace ${path} cannot be read: ${reason}`, { path }, error);
  }
}
