import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { errorsPage } from '../suites/errors-page.ts';

test('docs/errors.md is what `npm run docs` makes of the table', () => {
  expect(readFileSync('docs/errors.md', 'utf8')).toBe(errorsPage());
});
