import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { PhaselineError } from '../../base/errors.ts';
import { damaged } from '../damage.ts';
import { printablePath } from '../file-failure.ts';
import { feed } from './feed.ts';
import type { Unpack } from './unpack.ts';

/** More of a tool's complaint than this is not kept. */
const COMPLAINT_BYTES = 4096;

/** True when a program of that name can be run. */
export async function hasTool(tool: string): Promise<boolean> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const found = await access(join(folder, tool), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (folder !== '' && found) return true;
  }
  return false;
}

/**
 * Expands with a program that reads stdin and writes stdout, as a child process, one for each stream. Wherever the stream ends, the child has ended
 * before it. The child has a process group of its own, so that Ctrl-C is ours to answer.
 */
export function throughTool(tool: string, args: readonly string[]): Unpack {
  return async function* unpack(packed, { path, signal }) {
    const child = spawn(tool, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
      // Options in there could keep it from complaining.
      env: { ...process.env, BZIP: '', BZIP2: '' },
    });
    const end = endOf(child);
    const complaint = firstBytes(child.stderr);
    // The tool's exit says why it took no more.
    child.stdin.on('error', () => undefined);
    const fed = feed(packed, child.stdin);
    const stop = () => child.kill('SIGKILL');
    signal.addEventListener('abort', stop, { once: true });
    let whole = false;
    try {
      for await (const piece of child.stdout) yield piece;
      const ended = await end;
      const failure = await fed;
      if (failure !== undefined) throw failure;
      // bzip2 ends with 0 in front of a damaged stream, and says only here that it left the rest out.
      if (ended !== 0 || (await complaint) !== '') throw failed(path, tool, ended, await complaint);
      whole = true;
    } finally {
      signal.removeEventListener('abort', stop);
      if (!whole) {
        stop();
        for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe.destroy();
      }
      await end;
      await fed;
    }
  };
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** Its exit code, or the name of the signal or the error that ended it. */
function endOf(child: Child): Promise<number | string> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'nothing'));
    child.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

async function firstBytes(stream: Readable): Promise<string> {
  let text = '';
  try {
    for await (const piece of stream) text = (text + piece.toString('latin1')).slice(0, COMPLAINT_BYTES);
  } catch {
    // The pipe was closed because nobody wants to know any more.
  }
  return text;
}

function failed(path: string, tool: string, ended: number | string, complaint: string): PhaselineError {
  if (typeof ended === 'number') return damaged(path, tool, reasonIn(complaint, tool) || `${tool} ended with ${ended}`);
  return new PhaselineError('files/unreadable', `${printablePath(path)} cannot be read: ${tool} ended by ${ended}`, {
    path,
    tool,
  });
}

/** The first line that says something, without the tool's and the pipe's name. */
export function reasonIn(complaint: string, tool: string): string {
  const lines = complaint.split(/[\r\n]+/).map((line) => line.trim());
  const line = lines.find((text) => text !== '') ?? '';
  return line
    .replace(new RegExp(`^(?:/\\S*/)?${tool}: `), '')
    .replace(/^(?:\(stdin\)|\/\*stdin\*\\)\s*: /, '')
    .replace(/[^\x20-\x7e]/g, '?');
}
