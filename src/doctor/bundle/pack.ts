import { gzipSync } from 'node:zlib';
import { createTar } from 'nanotar';

/** One file of a support bundle. */
export interface Piece {
  readonly name: string;
  /** What it is, in a few words. */
  readonly about: string;
  readonly text: string;
}

/** What should be in a bundle and is not. */
export interface Gap {
  readonly about: string;
  readonly why: string;
}

/** A tar ends with two blocks of zeros (POSIX pax); nanotar writes one, which GNU tar warns of. */
const END = new Uint8Array(512);
const CONTENTS = 'contents.txt';

/** A gzipped tar of the pieces in a folder of its own, the list of what it holds first. No names of users in it. */
export function packBundle(pieces: readonly Piece[], gaps: readonly Gap[], date: Date): Uint8Array {
  const folder = `phaseline-support-${date.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}`;
  const list = { name: CONTENTS, text: [...contentLines(pieces, gaps), ''].join('\n') };
  const files = [list, ...pieces].map(({ name, text }) => ({ name: `${folder}/${name}`, data: text }));
  const tar = createTar(files, { attrs: { mtime: date.getTime(), uid: 0, gid: 0, mode: '644' } });
  return gzipSync(Buffer.concat([tar, END]));
}

/** What a bundle holds, a line for each piece and each gap. */
export function contentLines(pieces: readonly Piece[], gaps: readonly Gap[]): readonly string[] {
  const width = Math.max(...pieces.map(({ name }) => name.length));
  return [
    ...pieces.map(({ name, about, text }) => `${name.padEnd(width)}  ${about} (${Buffer.byteLength(text)} bytes)`),
    ...gaps.map(({ about, why }) => `${'-'.padEnd(width)}  no ${about}: ${why}`),
  ];
}
