import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';

const BIN = resolve(import.meta.dirname, '../../bin/phaseline.js');

export interface CliResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command line as a user does. */
export async function phaseline(args: readonly string[], cwd?: string): Promise<CliResult> {
  const result = await execa(process.execPath, [BIN, ...args], {
    reject: false,
    stdin: 'ignore',
    maxBuffer: 64 * 2 ** 20,
    timeout: 150_000,
    ...(cwd === undefined ? {} : { cwd }),
  });
  return { exitCode: result.exitCode ?? -1, stdout: result.stdout, stderr: result.stderr };
}

export interface RunningSimulator {
  /** For `--bus`. */
  readonly bus: string;
  readonly process: ChildProcess;
  stop(): Promise<number | null>;
}

/** Starts `phaseline simulate` on a free loopback port and waits for its line. */
export async function startSimulator(args: readonly string[]): Promise<RunningSimulator> {
  const child = spawn(process.execPath, [BIN, 'simulate', ...args, '--listen', '127.0.0.1:0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const address = await new Promise<string>((found, failed) => {
    lines.on('line', (line) => {
      const match = /^listening on (\S+)$/.exec(line);
      if (match?.[1]) found(match[1]);
    });
    child.once('exit', (code) => failed(new Error(`phaseline simulate ended with ${code}`)));
  });
  return {
    bus: `usbip://${address}`,
    process: child,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      child.kill('SIGTERM');
      const [code] = (await once(child, 'exit')) as [number | null];
      return code;
    },
  };
}
