import { createHash } from 'node:crypto';
import { release } from 'node:os';
import { resolve } from 'node:path';
import { ERROR_CODES } from '../../base/error-codes.ts';
import { PhaselineError } from '../../base/errors.ts';
import { jsonText, printable } from '../../base/printable.ts';
import type { EventFrame, FramedEvent, ResultEvent } from '../../flash/events.ts';
import { type Report, ReportDraft } from '../../flash/report.ts';
import type { CommandContext } from '../command.ts';
import { hintFor } from '../hints.ts';
import { homesOf, valueWithoutHome } from '../home.ts';
import { reasonOf } from '../reason.ts';
import { VERSION } from '../version.ts';
import { type DocumentFile, prepareDocument } from './document-file.ts';
import { junitText } from './junit.ts';

/** A result with its frame: what a job ends with. */
export type Verdict = ResultEvent & EventFrame;

/** Where `--report` and `--junit` want the record of a job. */
export interface RecordArguments {
  readonly report?: string | undefined;
  readonly junit?: string | undefined;
}

/** The record of one job while it goes on. */
export interface JobRecord {
  readonly draft: ReportDraft;
  see(event: FramedEvent): void;
  layoutRead(path: string, bytes: Uint8Array): void;
  /** What was found before there were events. */
  warned(message: string): void;
  /**
   * Writes what was asked for and gives the verdict to show: a job that went well and has no record did not do
   * what it was asked to (report/unwritten); one that failed stays as it is, with a warning.
   */
  close(verdict: Verdict): Promise<Verdict>;
}

interface Output {
  readonly file: DocumentFile;
  readonly textOf: (report: Report) => string;
}

/** Errors: usage/arguments when a file could not be written anyway. What an earlier job left there is removed. */
export async function openRecord(args: RecordArguments, { io, log }: CommandContext): Promise<JobRecord> {
  const outputs = await openOutputs(args, io.cwd);
  const homes = homesOf(io.env);
  const draft = new ReportDraft({
    tool: { name: 'phaseline', version: VERSION },
    host: { platform: process.platform, release: release(), arch: process.arch, node: process.version },
    startedAt: io.clock.date(),
  });
  return {
    draft,
    see: (event) => draft.see(event),
    layoutRead: (path, bytes) =>
      draft.layout({ path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }),
    warned: (message) => draft.warned({ time: io.clock.date().toISOString(), message }),
    close: async (verdict) => {
      const report = valueWithoutHome(draft.finish(verdict), homes);
      const problems: string[] = [];
      for (const { file, textOf } of outputs) {
        try {
          await file.write(textOf(report));
        } catch (error) {
          problems.push(`${file.shownAs} could not be written: ${reasonOf(error)}`);
          log.error({ report, reason: reasonOf(error) }, `the record ${file.shownAs} could not be written`);
        }
      }
      return problems.length === 0 ? verdict : withoutRecord(verdict, problems.join('; '));
    },
  };
}

async function openOutputs({ report, junit }: RecordArguments, cwd: string): Promise<readonly Output[]> {
  if (report !== undefined && junit !== undefined && resolve(cwd, report) === resolve(cwd, junit)) {
    throw new PhaselineError('usage/arguments', `--report and --junit name the same file ${report}`);
  }
  const outputs: Output[] = [];
  if (report !== undefined) {
    const file = await prepareDocument(resolve(cwd, report), printable(report), { name: 'report', begins: '{' });
    outputs.push({ file, textOf: (value) => `${jsonText(value, 2)}\n` });
  }
  if (junit !== undefined) {
    const file = await prepareDocument(resolve(cwd, junit), printable(junit), { name: 'report', begins: '<' });
    outputs.push({ file, textOf: junitText });
  }
  for (const { file } of outputs) await file.clear();
  return outputs;
}

function withoutRecord(verdict: Verdict, problem: string): Verdict {
  // The first failure is never hidden by a later one.
  if (!verdict.ok) return { ...verdict, message: `${verdict.message}; and the report ${problem}` };
  const code = 'report/unwritten';
  const message = `the board is flashed (${verdict.message}), and the report ${problem}`;
  const hint = hintFor(new PhaselineError(code, message));
  return { ...verdict, ok: false, exitCode: ERROR_CODES[code].exit, code, message, hint };
}
