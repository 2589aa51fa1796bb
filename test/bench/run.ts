/**
 * `npm run bench [-- --json] [-- --quick] [-- NAME…]`: all figures, each bench a process of its own so that
 * one's memory is not another's. The tables of docs/performance.md are made with it.
 */
import { resolve } from 'node:path';
import { execa } from 'execa';

const BENCHES = ['flash', 'window', 'boards', 'memory', 'holes', 'check', 'images'] as const;

const args = process.argv.slice(2);
const flags = args.filter((arg) => arg.startsWith('--'));
const names = args.filter((arg) => !arg.startsWith('--'));
const unknown = names.find((name) => !BENCHES.some((bench) => bench === name));
if (unknown !== undefined) {
  process.stderr.write(`there is no bench ${unknown}; there are ${BENCHES.join(', ')}\n`);
  process.exit(2);
}

const results: Record<string, unknown> = {};
for (const bench of BENCHES.filter((name) => names.length === 0 || names.includes(name))) {
  const script = resolve(import.meta.dirname, `${bench}.ts`);
  const json = flags.includes('--json');
  const { stdout } = await execa('npx', ['tsx', script, ...flags], {
    stdout: json ? 'pipe' : 'inherit',
    stderr: 'inherit',
  });
  if (json) results[bench] = JSON.parse(stdout ?? '');
}
if (flags.includes('--json')) process.stdout.write(`${JSON.stringify(results)}\n`);
