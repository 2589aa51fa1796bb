import { homedir } from 'node:os';
import { sep } from 'node:path';

/** The user's home folder, whose name is often that of the user. */
export function homeOf(env: Readonly<Record<string, string | undefined>>): string {
  return env.HOME || env.USERPROFILE || homedir();
}

/** The text with `~` for the home folder, wherever a path begins with it. */
function withoutHome(text: string, home: string): string {
  const folder = home.endsWith(sep) ? home.slice(0, -1) : home;
  // A home of `/` names nobody, and would turn every path.
  if (folder === '') return text;
  return text.replace(new RegExp(`${escaped(folder)}(?![\\w.-])`, 'g'), '~');
}

/** The same for every text in a value that is to become JSON. */
export function valueWithoutHome<T>(value: T, home: string): T {
  const walk = (part: unknown): unknown => {
    if (typeof part === 'string') return withoutHome(part, home);
    if (Array.isArray(part)) return part.map(walk);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, entry]) => [key, walk(entry)]));
  };
  return walk(value) as T;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
