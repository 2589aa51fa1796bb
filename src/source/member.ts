import { stat } from 'node:fs/promises';

/** Between an archive and its member. */
const MARK = '!';

/** Where an image lies: a file, or a member of one. */
export interface Place {
  readonly file: string;
  readonly member?: string;
}

/**
 * `release.tar.gz!boot/fip.bin` is a member, unless a file of that name is there. What cannot be looked at is taken
 * for a file; opening it will tell why.
 */
export async function placeOf(path: string): Promise<Place> {
  if (!path.includes(MARK) || (await kindOf(path)) !== 'none') return { file: path };
  for (let at = path.indexOf(MARK); at > 0; at = path.indexOf(MARK, at + 1)) {
    const file = path.slice(0, at);
    const member = path.slice(at + 1);
    if (member !== '' && (await kindOf(file)) === 'file') return { file, member };
  }
  return { file: path };
}

async function kindOf(path: string): Promise<'file' | 'other' | 'none'> {
  try {
    return (await stat(path)).isFile() ? 'file' : 'other';
  } catch {
    return 'none';
  }
}
