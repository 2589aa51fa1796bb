import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { sep } from 'node:path';

/** The user's home folder, whose name is often that of the user: as it is called, and where it really lies. */
export function homesOf(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const home = env.HOME || env.USERPROFILE || homedir();
  try {
    return [...new Set([home, realpathSync(home)])];
  } catch {
    return [home]; // there is none, and so nothing in it
  }
}

/** The text with `~` for the home folders, wherever a path goes through one. */
export function withoutHome(text: string, homes: readonly string[]): string {
  return homes.reduce((rest, home) => {
    const folder = home.endsWith(sep) ? home.slice(0, -1) : home;
    // A home of `/` names nobody, and would turn every path.
    return folder === '' ? rest : rest.replace(new RegExp(`${escaped(folder)}(?![\\w.-])`, 'g'), '~');
  }, text);
}

/** The same for every text in a value that is to become JSON. */
export function valueWithoutHome<T>(value: T, homes: readonly string[]): T {
  const walk = (part: unknown): unknown => {
    if (typeof part === 'string') return withoutHome(part, homes);
    if (Array.isArray(part)) return part.map(walk);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, entry]) => [key, walk(entry)]));
  };
  return walk(value) as T;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
