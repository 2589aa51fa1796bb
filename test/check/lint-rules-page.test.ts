import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { lintRulesPage } from '../suites/lint-rules-page.ts';

test('docs/lint-rules.md is what `npm run docs` makes of the rules', () => {
  expect(readFileSync('docs/lint-rules.md', 'utf8')).toBe(lintRulesPage());
});
