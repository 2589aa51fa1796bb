import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { onTestFinished } from 'vitest';
import { VirtualClock } from '../../src/base/virtual-clock.ts';
import type { Io, Out } from '../../src/cli/io.ts';
import { run } from '../../src/cli/run.ts';

export interface Captured {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** stdout as JSON lines. */
  readonly lines: () => Record<string, unknown>[];
}

/** Runs the command line in this process, with its output captured and a clock whose time passes by itself. */
export async function cli(args: readonly string[], change: Partial<Io> = {}): Promise<Captured> {
  const stdout = capture();
  const stderr = capture();
  const io: Io = {
    stdout: stdout.out,
    stderr: stderr.out,
    env: {},
    cwd: process.cwd(),
    clock: new VirtualClock(),
    interactive: false,
    onStop: () => () => undefined,
    leave: () => undefined,
    ...change,
  };
  const exitCode = await run(args, io);
  const text = stdout.text();
  return {
    exitCode,
    stdout: text,
    stderr: stderr.text(),
    lines: () =>
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
  };
}

function capture(): { readonly out: Out; text(): string } {
  const pieces: string[] = [];
  const write = (text: string) => void pieces.push(text);
  return { out: { write, isTTY: false, columns: 80, stream: new PassThrough() }, text: () => pieces.join('') };
}

/** A folder with these files, gone after the test. Text that contains spaces for TABs is a layout's: see `rows`. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'phaseline-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

/** A layout of these rows, whose columns are written with spaces here. */
export function rows(...lines: readonly string[]): string {
  return `#Opt Id Name Type IP Offset Binary\n${lines.join('\n')}\n`.replaceAll(/ +/g, '\t');
}

/** The first bytes of a file that may be too large to be read. */
export function startOf(path: string, length: number): Buffer {
  const out = Buffer.alloc(length);
  const file = openSync(path, 'r');
  readSync(file, out, 0, length, 0);
  closeSync(file);
  return out;
}
