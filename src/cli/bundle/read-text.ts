import { constants, open } from 'node:fs/promises';
import { PhaselineError } from '../../base/errors.ts';

/** A log or trace tells of its end: more than that is more than anybody reads. */
const MOST_BYTES = 32 * 2 ** 20;

/** The text of a regular file; of a large one the first line, and whole lines from its end on. */
export async function readEnd(path: string): Promise<string> {
  // A pipe that nobody writes to is refused below, not waited for.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new PhaselineError('files/unreadable', 'it is no file', { path });
    if (stats.size <= MOST_BYTES) return await file.readFile('utf8');
    const [head, tail] = [Buffer.alloc(4096), Buffer.alloc(MOST_BYTES)];
    await file.read(head, 0, head.length, 0);
    await file.read(tail, 0, tail.length, stats.size - tail.length);
    const [first] = head.toString('utf8').split('\n', 1);
    const text = tail.toString('utf8');
    return `${first}\n${text.slice(text.indexOf('\n') + 1)}`;
  } finally {
    await file.close();
  }
}
