import type { ArgumentsCamelCase, Argv } from 'yargs';
import type { Log } from '../base/log.ts';
import type { Io } from './io.ts';
import type { CommonOptions } from './options.ts';

/** What a command is given besides its arguments. */
export interface CommandContext {
  readonly io: Io;
  readonly log: Log;
  readonly colour: boolean;
}

/** A command as data: its usage line, one sentence, its options and what it does. */
export interface Command {
  /** yargs usage: `flash <layout>`. */
  readonly usage: string;
  readonly summary: string;
  readonly example: readonly [command: string, meaning: string];
  readonly build: (yargs: Argv<CommonOptions>) => Argv<CommonOptions>;
  readonly run: (args: ArgumentsCamelCase<CommonOptions>, context: CommandContext) => Promise<number>;
}

interface TypedCommand<T extends CommonOptions> {
  readonly usage: string;
  readonly summary: string;
  readonly example: readonly [command: string, meaning: string];
  readonly build: (yargs: Argv<CommonOptions>) => Argv<T>;
  /** Resolves to the exit code; throws PhaselineError for everything that ended it early. */
  readonly run: (args: ArgumentsCamelCase<T>, context: CommandContext) => Promise<number>;
}

/** Ties the arguments of `run` to the options of `build`. */
export function defineCommand<T extends CommonOptions>(command: TypedCommand<T>): Command {
  return command as unknown as Command;
}
