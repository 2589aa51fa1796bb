import { defineConfig } from 'vitest/config';

/** Pure rooms keep nothing outside of what they give out: their files may share a process, which saves its start. */
const PURE = ['base', 'layout', 'image', 'check', 'dfu', 'stm32', 'flash', 'conformance', 'simulator/uboot'];
const pure = `test/{${PURE.join(',')}}/**/*.test.ts`;

const shared = {
  pool: 'forks' as const, // the native usb module must not be loaded twice into one process
  setupFiles: ['./test/suites/equal-bytes.ts'],
  testTimeout: 120_000, // for what hangs, not for what is slow
};

export default defineConfig({
  test: {
    reporters: ['default', './test/suites/count-reporter.ts'],
    maxWorkers: '100%', // without it one core of two does nothing
    projects: [
      { test: { ...shared, name: 'pure', include: [pure], isolate: false } },
      { test: { ...shared, name: 'edges', include: ['test/**/*.test.ts'], exclude: [pure] } },
    ],
  },
});
