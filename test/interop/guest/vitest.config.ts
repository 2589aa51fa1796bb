import { defineConfig } from 'vitest/config';

/** For the suite that runs inside the guest, whose processor is slow. */
export default defineConfig({
  test: {
    include: ['test/interop/guest/*.guest.ts'],
    pool: 'threads',
    fileParallelism: false,
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
