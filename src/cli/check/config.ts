import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Severity } from '../../base/diagnostics.ts';
import { PhaselineError } from '../../base/errors.ts';
import { reasonOf } from '../reason.ts';

const FILE_NAME = 'phaseline.config.json';
const SEVERITIES: readonly string[] = ['off', 'info', 'warning', 'error'];

/** What a configuration says, and where. */
export interface CheckConfig {
  readonly path: string;
  readonly text: string;
  /** By rule id, as written: there may be ids that do not exist. */
  readonly severities: ReadonlyMap<string, Severity | 'off'>;
}

/**
 * Finds the nearest phaseline.config.json from a folder upwards, and remembers what it found.
 * Errors: usage/config, with line and column, for a file that is none.
 */
export function configFinder(): (folder: string) => Promise<CheckConfig | undefined> {
  const known = new Map<string, Promise<CheckConfig | undefined>>();
  const find = (folder: string): Promise<CheckConfig | undefined> => {
    const seen = known.get(folder);
    if (seen) return seen;
    const found = readConfig(join(folder, FILE_NAME)).then(
      (config) => config ?? (dirname(folder) === folder ? undefined : find(dirname(folder))),
    );
    known.set(folder, found);
    return found;
  };
  return find;
}

async function readConfig(path: string): Promise<CheckConfig | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === 'ENOENT' || reason === 'ENOTDIR') return undefined;
    throw new PhaselineError('usage/config', `${path} cannot be read: ${reason}`, { path }, error);
  }
  return parseConfig(path, text);
}

/** Reads `{"rules": {"RULE": "off" | "info" | "warning" | "error"}}`. Errors: usage/config. */
function parseConfig(path: string, text: string): CheckConfig {
  const value = parseJson(path, text);
  if (!isObject(value)) throw faulty(path, text, 0, 'is not an object');
  const { rules = {}, $schema: _, ...others } = value;
  const [other] = Object.keys(others);
  if (other !== undefined) throw faulty(path, text, keyPlace(text, other), `has no setting "${other}"`);
  if (!isObject(rules)) throw faulty(path, text, keyPlace(text, 'rules'), 'has no object behind "rules"');
  const severities = Object.entries(rules).map(([id, severity]) => {
    if (typeof severity === 'string' && SEVERITIES.includes(severity)) return [id, severity as Severity] as const;
    const said = `sets "${id}" to ${JSON.stringify(severity)}, which is none of ${SEVERITIES.join(', ')}`;
    throw faulty(path, text, keyPlace(text, id), said);
  });
  return { path, text, severities: new Map(severities) };
}

/** Where the key of a rule stands; its quotes counted. */
export function placeOfRule({ text }: CheckConfig, id: string) {
  const start = keyPlace(text, id);
  const { line, column } = placeOf(text, start);
  return { line, column, endColumn: column + JSON.stringify(id).length };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = (error as Error).message;
    const at = Number(/at position (\d+)/.exec(message)?.[1] ?? text.length);
    throw faulty(path, text, at, `is no JSON: ${message.replace(/\s+/g, ' ')}`, error);
  }
}

/** Only a key has a colon behind it, and no two objects here have the same keys. */
function keyPlace(text: string, key: string): number {
  for (const { 1: string, 2: colon, index } of text.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?/g)) {
    if (colon !== undefined && JSON.parse(string as string) === key) return index;
  }
  return 0;
}

function placeOf(text: string, index: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, index).split('\n');
  return { line: before.length, column: (before.at(-1) as string).length + 1 };
}

function faulty(path: string, text: string, index: number, said: string, cause?: unknown): PhaselineError {
  const { line, column } = placeOf(text, index);
  return new PhaselineError('usage/config', `${path}:${line}:${column}: the configuration ${said}`, { path }, cause);
}
