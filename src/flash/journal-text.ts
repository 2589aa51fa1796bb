import { crc32 } from '../base/crc32.ts';
import { PhaselineError } from '../base/errors.ts';
import type { JournalHead, Proof } from './journal.ts';

/** Another version is refused: what it means by proven is not known here. */
const VERSION = 1;

export interface JournalContent {
  readonly head: JournalHead;
  readonly proofs: readonly Proof[];
}

/**
 * A journal as text: JSON, one object a line, the head first, then each proof. `check` at the end of each line
 * is the CRC-32 (8 hex digits) of all text before it, so that no line can be lost, changed or moved unseen.
 */
export function formatJournal({ head, proofs }: JournalContent): string {
  const text = appendLine('', { journal: 'phaseline', version: VERSION, ...head });
  return proofs.reduce(appendProof, text);
}

/** `text`, and the line of one proof more. */
export function appendProof(text: string, { id, bytes, sha256, ranges }: Proof): string {
  return appendLine(text, { phase: id, bytes, sha256, ranges });
}

/** `resume/journal` for anything but a complete journal of this version. */
export function parseJournal(text: string): JournalContent {
  const [first, ...rest] = text.split('\n');
  if (rest.at(-1) !== '') throw refusal('it ends in the middle of a line');
  const head = headOf(lineObject(first ?? '', 1));
  const lines = [first, ...rest.slice(0, -1)] as string[];
  let before = '';
  for (const [index, line] of lines.entries()) {
    const checked = /^(.*),"check":"([0-9a-f]{8})"\}$/.exec(line);
    if (checked?.[2] !== checkOf(`${before}${checked?.[1]}`)) throw refusal(`line ${index + 1} is damaged`);
    before += `${line}\n`;
  }
  return { head, proofs: lines.slice(1).map((line, index) => proofOf(lineObject(line, index + 2), index + 2)) };
}

function appendLine(before: string, value: object): string {
  const open = JSON.stringify(value).slice(0, -1);
  return `${before}${open},"check":"${checkOf(`${before}${open}`)}"}\n`;
}

function checkOf(text: string): string {
  return crc32(new TextEncoder().encode(text)).toString(16).padStart(8, '0');
}

function lineObject(line: string, number: number): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // told below
  }
  throw refusal(`line ${number} is damaged`);
}

function headOf(line: Readonly<Record<string, unknown>>): JournalHead {
  const { journal, version, serial, layout, startedAt } = line;
  if (journal !== 'phaseline') throw refusal('it is no journal');
  if (version !== VERSION) throw refusal(`it is of version ${version}, this phaseline reads ${VERSION}`);
  if (typeof serial !== 'string' || !isSha256(layout) || typeof startedAt !== 'string') {
    throw refusal('line 1 is damaged');
  }
  return { serial, layout, startedAt };
}

function proofOf({ phase, bytes, sha256, ranges }: Readonly<Record<string, unknown>>, number: number): Proof {
  if (
    !Number.isSafeInteger(phase) ||
    !Number.isSafeInteger(bytes) ||
    !isSha256(sha256) ||
    !(ranges === undefined || isSha256(ranges))
  ) {
    throw refusal(`line ${number} is damaged`);
  }
  return { id: phase as number, bytes: bytes as number, sha256, ...(ranges !== undefined && { ranges }) };
}

function isSha256(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}

function refusal(reason: string): PhaselineError {
  return new PhaselineError('resume/journal', `the journal cannot be used: ${reason}`);
}
