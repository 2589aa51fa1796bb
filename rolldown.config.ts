import { defineConfig } from 'rolldown';

/**
 * The command line in few files: most of the time of a short command went into finding and loading three hundred
 * modules. The library beside it stays as tsc writes it; packages stay where they are installed.
 */
export default defineConfig({
  input: 'src/cli/main.ts',
  platform: 'node',
  external: (id) => /^[@a-z]/.test(id),
  output: { dir: 'dist/bin', format: 'esm', cleanDir: true },
});
