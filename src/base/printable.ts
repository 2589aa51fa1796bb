/**
 * Characters that do something to a terminal or to the reading of a line: control characters, the marks
 * that turn the direction of writing (UAX #9), and the separators of lines and paragraphs.
 */
const UNSAFE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** Text that came from a device or a file, made harmless: what is unsafe becomes `?`. */
export function printable(text: string): string {
  return text.replace(UNSAFE, '?');
}

/** The same for text of several lines: its line ends and TABs stay. */
export function printableLines(text: string): string {
  return text.replace(UNSAFE, (character) => ('\t\n\r'.includes(character) ? character : '?'));
}

/** The JSON text of a value, on one line and harmless to look at: what is unsafe stands there as `\uXXXX`. */
export function jsonText(value: unknown, indent = 0): string {
  return harmlessJson(JSON.stringify(value, undefined, indent));
}

/** JSON that somebody else wrote, with its unsafe characters as `\uXXXX`; line ends between the tokens stay. */
export function harmlessJson(json: string): string {
  return json.replace(UNSAFE, (character) =>
    character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
