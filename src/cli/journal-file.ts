import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { PhaselineError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Journal } from '../flash/journal.ts';
import { appendProof, formatJournal, type JournalContent, parseJournal } from '../flash/journal-text.ts';
import type { Io } from './io.ts';
import { reasonOf } from './reason.ts';

/** Where journals lie: beside the log file, else where a user's programs keep their state (XDG base directories), if anywhere. */
export function journalFolder(logFile: string | undefined, { cwd, env }: Pick<Io, 'cwd' | 'env'>): string | undefined {
  const beside = logFile === undefined ? undefined : dirname(resolve(cwd, logFile));
  // /dev/null and its like are places to write to, and none to find something again.
  if (beside !== undefined && beside !== '/dev') return beside;
  const { XDG_STATE_HOME: state, HOME: home } = env;
  // A relative one is to be ignored, says that specification.
  if (state?.startsWith('/')) return join(state, 'phaseline');
  return home ? join(home, '.local', 'state', 'phaseline') : undefined;
}

/** A serial number is the board's own text: what could leave the folder does not reach the name. */
export function journalPath(folder: string, serial: string): string {
  const name = encodeURIComponent(serial)
    .replaceAll(/[.*'()]/g, '-')
    .slice(0, 100);
  return join(folder, `phaseline-${name}.journal`);
}

/** The journal of that board; `resume/none` when there is none, `resume/journal` for one that cannot be used. */
export function readJournal(folder: string, serial: string): JournalContent {
  const path = journalPath(folder, serial);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = reasonOf(error);
    if (code === 'ENOENT') {
      throw new PhaselineError('resume/none', `there is no journal of board ${serial} in ${folder}`, { path }, error);
    }
    throw new PhaselineError('resume/journal', `the journal ${path} cannot be read: ${code}`, { path }, error);
  }
  try {
    const content = parseJournal(text);
    if (content.head.serial === serial) return content;
    throw new PhaselineError('resume/journal', `the journal cannot be used: it is of board ${content.head.serial}`);
  } catch (error) {
    if (!(error instanceof PhaselineError)) throw error;
    throw new PhaselineError(error.code, error.message.replace('the journal', `the journal ${path}`), { path }, error);
  }
}

/** Keeps the journal of one board at a time as a file of that folder; without a disk for it the job goes on alone. */
export function journalFile(folder: string, log: Log): Journal {
  let path: string | undefined;
  let text = '';
  let descriptor: number | undefined;

  const lost = (error: unknown) => {
    log.warn({ path, reason: reasonOf(error) }, 'no journal is kept: --resume will not be possible');
    close();
  };
  const close = () => {
    if (descriptor !== undefined) closeSync(descriptor);
    descriptor = undefined;
  };

  return {
    begin(head, kept) {
      close();
      path = journalPath(folder, head.serial);
      text = formatJournal({ head, proofs: kept });
      try {
        replace(path, text);
        descriptor = openSync(path, 'a');
      } catch (error) {
        lost(error);
        removeOld(path);
      }
    },
    proven(proof) {
      if (descriptor === undefined) return;
      const longer = appendProof(text, proof);
      try {
        writeSync(descriptor, longer.slice(text.length));
        fsyncSync(descriptor);
        text = longer;
      } catch (error) {
        cutBack(descriptor, Buffer.byteLength(text));
        lost(error);
      }
    },
    discard() {
      close();
      if (path !== undefined) removeOld(path);
    },
  };
}

/** Never half a journal under its name: written beside it, synced, renamed, and the folder synced. */
function replace(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const beside = `${path}.new`;
  try {
    const file = openSync(beside, 'w', 0o600);
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, path);
    const folder = openSync(dirname(path), 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

/** An old journal that stays would vouch for what is about to be overwritten. */
function removeOld(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch (error) {
    if (reasonOf(error) === 'ENOTDIR') return; // where it would lie is no folder
    const text = `the old journal ${path} can neither be replaced nor removed: ${reasonOf(error)}`;
    throw new PhaselineError('resume/journal', text, { path }, error);
  }
}

/** A line that did not fit is no line. */
function cutBack(descriptor: number, bytes: number): void {
  try {
    ftruncateSync(descriptor, bytes);
  } catch {
    // a torn line makes --resume refuse the journal, which is as safe
  }
}
