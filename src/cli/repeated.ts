import type { Argv } from 'yargs';
import { PhaselineError } from '../base/errors.ts';

/** What @types/yargs leaves out: the names of the options that take several values. */
interface WithOptions {
  getOptions(): { readonly array: readonly string[] };
}

/** yargs makes an array of a flag that is given twice; only flags that are made for it may be. */
export function refuseRepeated<T>(parser: Argv<T>, args: Readonly<Record<string, unknown>>): void {
  // Beside `device-size` yargs gives `deviceSize`.
  const lists = (parser as unknown as WithOptions).getOptions().array.map(withoutDashes);
  const repeated = Object.keys(args).find(
    (key) => key !== '_' && Array.isArray(args[key]) && !lists.includes(withoutDashes(key)),
  );
  if (repeated !== undefined) throw new PhaselineError('usage/arguments', `--${repeated} is given more than once`);
}

function withoutDashes(name: string): string {
  return name.replaceAll('-', '').toLowerCase();
}
