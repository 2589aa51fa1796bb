import { PhaselineError } from '../../base/errors.ts';
import { parseSize } from '../../base/sizes.ts';

/** The words of one fault, read one after the other. Every refusal is usage/arguments. */
export class Words {
  readonly #text: string;
  readonly #words: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#words = text.split(/\s+/).filter((word) => word !== '');
  }

  /** The next word, whatever it is; `what` names it for the refusal. */
  next(what: string): string {
    const word = this.#words[this.#at];
    if (word === undefined) throw this.refusal(`${what} is missing`);
    this.#at += 1;
    return word;
  }

  /** Takes the next word if it is this one. */
  optional(expected: string): boolean {
    if (this.#words[this.#at] !== expected) return false;
    this.#at += 1;
    return true;
  }

  expect(expected: string): void {
    const word = this.next(`"${expected}"`);
    if (word !== expected) throw this.refusal(`"${word}" where "${expected}" should be`);
  }

  oneOf<T extends string>(what: string, choices: readonly T[]): T {
    const word = this.next(what);
    const choice = choices.find((candidate) => candidate === word);
    if (choice === undefined) throw this.refusal(`"${word}" is none of ${choices.join(', ')}`);
    return choice;
  }

  matching(what: string, pattern: RegExp): string {
    const word = this.next(what);
    if (!pattern.test(word)) throw this.refusal(`"${word}" is no ${what}`);
    return word;
  }

  /** A number as sizes are written: decimal, 0x hex, or with K, M, G. */
  number(what: string, most = Number.MAX_SAFE_INTEGER): number {
    const word = this.next(what);
    const value = parseSize(word);
    if (value === undefined || value > most) throw this.refusal(`"${word}" is no ${what}`);
    return value;
  }

  end(): void {
    const word = this.#words[this.#at];
    if (word !== undefined) throw this.refusal(`"${word}" is too much`);
  }

  refusal(reason: string): PhaselineError {
    return new PhaselineError('usage/arguments', `fault "${this.#text}": ${reason}`, { fault: this.#text });
  }
}
