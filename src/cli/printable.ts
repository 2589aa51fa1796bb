/**
 * Text that came from a device or a file, made harmless for a terminal: control characters, and the
 * marks that turn the direction of writing, become `?`.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '?');
}
