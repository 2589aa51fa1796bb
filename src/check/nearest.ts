/** The first of the words that is at most two letters away from `text`. */
export function nearest<T extends string>(text: string, words: Iterable<T>): T | undefined {
  for (const word of words) if (editsBetween(word, text) <= 2) return word;
  return undefined;
}

/** Letters to insert, delete or replace; anything above 2 is just "many". */
function editsBetween(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...a].entries()) {
    const current = [row + 1];
    for (let column = 0; column < b.length; column += 1) {
      const replaced = (previous[column] as number) + (letter === b[column] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column + 1] as number) + 1, (current[column] as number) + 1));
    }
    previous = current;
  }
  return previous.at(-1) as number;
}
