import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { checkLine } from './line-check.ts';

/** Bytes as a transcript writes them: spelled out, one value, a pattern, or a digest only. */
export type Data =
  | { readonly len: number; readonly hex: string }
  | { readonly len: number; readonly fill: string }
  | { readonly len: number; readonly pattern: { readonly seed: number; readonly offset: number } }
  | { readonly len: number; readonly sha256: string };

export interface Head {
  readonly scenario: string;
  readonly replay: boolean;
  readonly why?: string;
  readonly device: {
    readonly sd: string;
    readonly emmc: string;
    readonly emmcBoot: string;
    readonly nor: string;
    readonly nand: string;
    readonly failAfterBytes?: number;
    readonly writeMicrosecondsPerMiB?: number;
  };
  readonly initial?: readonly (Data & { readonly file: string; readonly offset: number })[];
}

export interface TransferLine {
  readonly setup: readonly [number, number, number, number, number];
  readonly out?: Data;
  readonly status: 'OK' | 'STALL' | 'ETIMEDOUT' | 'ENODEV';
  readonly in?: Data;
  readonly blockedMs?: number;
}

export interface DownloadRun {
  readonly firstBlock: number;
  readonly blocks: number;
  readonly blockBytes: number;
  readonly data: Data;
  readonly eachStatus: string;
}

export interface UploadRun {
  readonly firstBlock: number;
  readonly blocks: number;
  readonly blockBytes: number;
  readonly data: readonly Data[];
}

export interface Landed {
  readonly event: 'landed';
  readonly file?: string;
  readonly offset?: number;
  readonly len?: number;
  readonly sha256?: string;
  readonly extCsd?: Readonly<Record<string, number>>;
}

export type Line =
  | TransferLine
  | { readonly downloadRun: DownloadRun }
  | { readonly uploadRun: UploadRun }
  | { readonly event: 'attach' | 'gone' }
  | { readonly event: 'end'; readonly as: string }
  | Landed
  | { readonly comment: string };

/** The lines of a transcript, the first one (its head) included. Throws SyntaxError on what is none. */
export async function* readLines(path: string): AsyncGenerator<unknown> {
  const lines = createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY });
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (line.trim() === '') continue;
    const value = parseLine(line, number);
    checkLine(value, number);
    yield value;
  }
}

function parseLine(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new SyntaxError(`line ${number}: no JSON, or cut short`);
  }
}

/** Bytes [from, to) of what `data` stands for; undefined when only a digest is known. */
export function dataBytes(data: Data, from = 0, to = data.len): Uint8Array | undefined {
  const out = new Uint8Array(to - from);
  if ('hex' in data) {
    for (let i = from; i < to; i += 1) out[i - from] = Number.parseInt(data.hex.slice(2 * i, 2 * i + 2), 16);
    return out;
  }
  if ('fill' in data) return out.fill(Number.parseInt(data.fill, 16));
  if (!('pattern' in data)) return undefined;
  const { seed, offset } = data.pattern;
  for (let k = 0; k < out.length; k += 1) {
    const i = offset + from + k;
    out[k] = seed * 131 + i * 7 + (i >> 8) * 13 + (i >> 16) * 29;
  }
  return out;
}
