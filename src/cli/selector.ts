import { PhaselineError } from '../base/errors.ts';
import type { BoardSelector } from '../flash/boards.ts';

/** Reads `--device serial:…` or `port:…`; usage/arguments for anything else. */
export function parseSelector(text: string): BoardSelector {
  const [by, ...rest] = text.split(':');
  const value = rest.join(':');
  if (by === 'serial' && value !== '') return { by, serial: value };
  if (by === 'port' && value !== '') return { by, port: value };
  throw new PhaselineError('usage/arguments', `--device ${text} is neither serial:… nor port:…`);
}
