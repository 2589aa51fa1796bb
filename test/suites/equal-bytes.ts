import { expect } from 'vitest';

/** Two arrays of bytes at once; element by element, as it is done otherwise, a second goes by for each MiB. */
function equalBytes(a: unknown, b: unknown): boolean | undefined {
  const alike = a instanceof Uint8Array && b instanceof Uint8Array && a.constructor === b.constructor;
  return alike ? Buffer.compare(a, b) === 0 : undefined;
}

expect.addEqualityTesters([equalBytes]);
