import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', './test/suites/count-reporter.ts'],
    pool: 'forks', // the native usb module must not be loaded twice into one process
    testTimeout: 20_000,
  },
});
