import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { PhaselineError } from '../base/errors.ts';

/** The terminal to ask on; stdout may be a pipe. */
interface Terminal {
  readonly input: Readable;
  readonly output: Writable;
}

/** Asks a yes/no question; anything but yes is no, the end of the input too. Ctrl-C is `interrupted/sigint`. */
export async function confirm(
  question: string,
  { input, output }: Terminal = { input: process.stdin, output: process.stderr },
): Promise<boolean> {
  const lines = createInterface({ input, output, terminal: true });
  try {
    const answer = await new Promise<string>((resolve, reject) => {
      lines.question(`${question} [y/N] `, resolve);
      lines.once('close', () => resolve(''));
      lines.once('SIGINT', () => reject(new PhaselineError('interrupted/sigint', 'stopped by SIGINT')));
    });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}
