import { PhaselineError } from '../base/errors.ts';
import { changedDeadlines, DEADLINE_TABLE } from '../flash/deadline-table.ts';
import { DEADLINES, type Deadlines } from '../flash/deadlines.ts';

/** The most patience that makes sense: U-Boot's longest wait then is an hour and a half. */
export const MOST_PATIENCE = 100;

interface DeadlineArguments {
  readonly patience: number;
  readonly deadline?: readonly string[] | undefined;
}

/** `--patience` and `--deadline`; usage/arguments for a deadline that there is none of. */
export function deadlinesOf({ patience, deadline = [] }: DeadlineArguments): Deadlines {
  return changedDeadlines(DEADLINES, patience, new Map(deadline.map(parseDeadline)));
}

function parseDeadline(text: string): [name: string, seconds: number] {
  const [, name = '', digits = ''] = /^([a-z-]+)=(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  const seconds = Number(digits);
  if (Object.hasOwn(DEADLINE_TABLE, name) && seconds > 0 && seconds <= 1_000_000) return [name, seconds];
  const names = Object.keys(DEADLINE_TABLE).join(', ');
  throw new PhaselineError('usage/arguments', `--deadline ${text} is not NAME=SECONDS with a NAME of ${names}`);
}
