/** What a parser says of foreign bytes: the value, or in one line what is wrong with them. */
export type Verdict<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

class Refusal extends Error {}

/** Ends the parser that runs inside `verdictOf`. */
export function refuse(reason: string): never {
  throw new Refusal(reason);
}

/** Runs a parser; its refusal, and reading past the end, become a verdict. Anything else is a bug and goes on. */
export function verdictOf<T>(parse: () => T): Verdict<T> {
  try {
    return { ok: true, value: parse() };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, reason: error.message };
    if (error instanceof RangeError) return { ok: false, reason: `ends early: ${error.message}` };
    throw error;
  }
}
