const LONGEST = 60;

/** Text of a file for a one-line message: in quotes, cut, with a `?` for what would move the cursor. */
export function quote(text: string): string {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return `"${cut.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '?')}"`;
}
