import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/matrix/**/*.matrix.ts'],
    reporters: ['default', './test/suites/count-reporter.ts'],
    pool: 'forks',
    testTimeout: 60_000,
  },
});
