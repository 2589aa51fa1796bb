import { printableLines } from '../../base/printable.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text for XML 1.0, which has no control characters but TAB and line ends, not even as entities; what would turn the reading is left out, too. */
export function xml(text: string): string {
  return printableLines(text)
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '?')
    .replace(/[&<>"]/g, (character) => ENTITIES[character] as string);
}
